print("rvsim-difftest")
