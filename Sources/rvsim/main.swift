import RVSimCLI

RVSim.runProcess()
