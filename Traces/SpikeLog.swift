/// Traces.
