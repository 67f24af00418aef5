import CElf
