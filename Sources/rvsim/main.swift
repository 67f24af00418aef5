import RVSimCLI
