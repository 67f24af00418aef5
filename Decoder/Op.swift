/// What is decoded.
