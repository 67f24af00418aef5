import Foundation
import RVDecoder
import RVExec
import RVLoader
import Testing

/// Whole programs, in-process, compared with qemu's user mode where it is installed.
@Suite("Linux programs", .enabled(if: LinuxToolchain.gcc != nil, "riscv64-linux-gnu-gcc is not installed"))
struct LinuxProgramTests {
  static let greeting = """
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    extern char **environ;
    int main(int argc, char **argv) {
      for (int i = 1; i < argc; i++) printf("argument %d is %s\\n", i, argv[i]);
      for (char **e = environ; *e; e++) printf("environment: %s\\n", *e);
      char *parts[100];
      unsigned sum = 0;
      for (int i = 0; i < 100; i++) {
        parts[i] = malloc(i * 3000 + 1);
        memset(parts[i], i, i * 3000 + 1);
      }
      for (int i = 0; i < 100; i += 2) free(parts[i]);
      for (int i = 1; i < 100; i += 2) parts[i] = realloc(parts[i], i * 6000 + 1);
      for (int i = 1; i < 100; i += 2) sum = sum * 31 + parts[i][i * 3000];
      printf("%u %.17g %e %s\\n", sum, 1.0 / 3, 6.02e23, getenv("HOME") ? getenv("HOME") : "homeless");
      fprintf(stderr, "to standard error\\n");
      return 42;
    }
    """

  static let files = """
    #define _GNU_SOURCE
    #include <stdio.h>
    #include <string.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <unistd.h>
    #include <dirent.h>
    #include <sys/stat.h>
    #include <sys/mman.h>
    #include <sys/uio.h>
    int main(void) {
      FILE *f = fopen("data.txt", "w");
      for (int i = 0; i < 5000; i++) fprintf(f, "line %d\\n", i);
      fclose(f);
      f = fopen("data.txt", "r");
      char line[64];
      int n = 0;
      while (fgets(line, sizeof line, f)) n++;
      fclose(f);
      struct stat st;
      stat("data.txt", &st);
      printf("%d lines, %ld bytes, mode %o, regular %d\\n", n, (long)st.st_size, st.st_mode & 0777, S_ISREG(st.st_mode));
      int fd = open("data.txt", O_RDWR);
      char *p = mmap(0, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      memcpy(p + 5, "X", 1);
      munmap(p, st.st_size);
      char head[8] = {0}, tail[8] = {0};
      struct iovec v[2] = {{head, 4}, {tail, 4}};
      printf("readv %ld %s|%s\\n", (long)readv(fd, v, 2), head, tail);
      printf("seek %ld\\n", (long)lseek(fd, -10, SEEK_END));
      close(fd);
      printf("closed: %d %s\\n", (int)write(fd, "x", 1), strerror(errno));
      printf("missing: %d %s\\n", open("missing", O_RDONLY), strerror(errno));
      mkdir("sub", 0755);
      close(open("sub/b", O_CREAT | O_WRONLY, 0600));
      close(open("sub/a", O_CREAT | O_WRONLY, 0600));
      int count = 0;
      DIR *d = opendir("sub");
      while (readdir(d)) count++;
      closedir(d);
      printf("%d entries\\n", count);
      rename("sub/a", "sub/c");
      printf("access %d %d\\n", access("sub/c", F_OK), access("sub/a", F_OK));
      unlink("sub/b"); unlink("sub/c");
      printf("rmdir %d\\n", rmdir("sub"));
      symlink("data.txt", "alias");
      char name[64] = {0};
      printf("%ld %s\\n", (long)readlink("alias", name, 63), name);
      unlink("alias");
      chdir("/");
      printf("%s\\n", getcwd(name, sizeof name));
      return 0;
    }
    """

  @Test("A C program prints, allocates, sees arguments and environment")
  func greeting() throws { try greet(["-static"]) }

  @Test("The same as static PIE", .enabled(if: LinuxToolchain.canLinkStaticPIE, "the C library has no rcrt1.o"))
  func greetingStaticPIE() throws { try greet(["-static-pie"]) }

  private func greet(_ options: [String]) throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(Self.greeting, options, in: folder)
    let result = try LinuxToolchain.simulate(program, ["one", "two words", ""], environment: ["HOME=/root", "A=b"], in: folder)
    #expect(result.ending == .exited(42))
    #expect(result.output.hasPrefix("argument 1 is one\nargument 2 is two words\nargument 3 is \nenvironment: HOME=/root\n"))
    #expect(folder.contents("stderr") == "to standard error\n")
    #expect(result.lines == [])
    guard let qemu = LinuxToolchain.qemu else { return }
    let environment = ["HOME": "/root", "A": "b"]
    let (status, output) = try LinuxToolchain.run(qemu, [program, "one", "two words", ""], in: folder, environment: environment)
    #expect(status == 42)
    // The order of the environment is the host's.
    let expected = Set(output.split(separator: "\n"))
    #expect(expected == Set((result.output + "to standard error\n").split(separator: "\n")))
  }

  @Test("A C program works with files as under qemu")
  func files() throws {
    let source = Self.files
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(source, in: folder)
    let work = try ScratchFolder()
    // The working directory is the test's: the program goes to its own first.
    let changed = source.replacingOccurrences(of: "int main(void) {", with: "int main(void) {\n  chdir(\"\(work.path)\");")
    let moved = try LinuxToolchain.compile(changed, in: folder)
    let result = try LinuxToolchain.simulate(moved, in: folder)
    #expect(result.ending == .exited(0))
    #expect(result.output.contains("5000 lines, 48890 bytes, mode 644, regular 1\n"))
    #expect(result.output.contains("4 entries\n"))
    #expect(work.contents("data.txt").hasPrefix("line X\nline 1\n"))
    #expect(result.lines == [])
    guard let qemu = LinuxToolchain.qemu else { return }
    let fresh = try ScratchFolder()
    _ = try LinuxToolchain.compile(source, in: fresh)
    let (status, output) = try LinuxToolchain.run(qemu, ["./program"], in: fresh, environment: [:])
    #expect(status == 0)
    #expect(output == result.output)
    _ = program
  }

  @Test("A run is the same each time, down to the count of instructions")
  func repeats() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(
      """
      #include <stdio.h>
      #include <stdlib.h>
      #include <time.h>
      #include <unistd.h>
      #include <sys/random.h>
      int main(int argc, char **argv) {
        unsigned word; getrandom(&word, 4, 0);
        struct timespec t; clock_gettime(CLOCK_REALTIME, &t);
        sleep(3600);
        time_t now = time(0);
        printf("%u %ld %s %d %p %p\\n", word, t.tv_nsec, asctime(gmtime(&now)), getpid(), (void *)&t, malloc(10));
      }
      """, in: folder)
    let first = try LinuxToolchain.simulate(program, in: folder)
    let second = try LinuxToolchain.simulate(program, in: folder)
    #expect(first.output == second.output)
    #expect(first.output.contains("Thu Jan  1 01:00:00 2026"))
    #expect(first.system.hart.retired == second.system.hart.retired)
    let environment = ["A_LONG_VARIABLE=\(String(repeating: "x", count: 5000))"]
    let other = try LinuxToolchain.simulate(program, environment: environment, in: folder)
    // The C library's start looks through the environment, so the clock is a little later; the stack is where it was.
    func address(_ output: String) -> Substring? { output.split(separator: " ").last { $0.hasPrefix("0x3f") } }
    #expect(address(other.output) != nil && address(other.output) == address(first.output))
    let seeded = try LinuxToolchain.simulate(program, in: folder) { $0.seed = 1 }
    #expect(seeded.output != first.output)
  }

  @Test("Standard input is a file, and what the C library needs at large works as under qemu")
  func library() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(
      """
      #define _GNU_SOURCE
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <setjmp.h>
      #include <errno.h>
      #include <unistd.h>
      #include <pthread.h>
      #include <sys/utsname.h>
      #include <sys/resource.h>
      static __thread int local = 7;
      static jmp_buf buffer;
      static int compare(const void *a, const void *b) { return *(int *)a - *(int *)b; }
      static void bye(void) { puts("bye"); }
      int main(void) {
        atexit(bye);
        char *line = 0;
        size_t size = 0;
        int count = 0;
        while (getline(&line, &size, stdin) > 0) count++;
        int numbers[1000];
        unsigned seed = 1;
        for (int i = 0; i < 1000; i++) numbers[i] = (seed = seed * 1103515245 + 12345) >> 8;
        qsort(numbers, 1000, sizeof(int), compare);
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        struct rlimit limit;
        getrlimit(RLIMIT_NOFILE, &limit);
        int jumped = setjmp(buffer);
        if (!jumped) longjmp(buffer, 3);
        char *big = malloc(50 << 20);
        big[49 << 20] = 5;
        big = realloc(big, 100 << 20);
        printf("%d %d %d %d %d %d %ld\\n", count, numbers[0], numbers[999], local, jumped, big[49 << 20], sysconf(_SC_PAGESIZE));
        printf("%.3f %d %s\\n", strtod("2.7182818e3", 0), isatty(0), strerror(errno));
        fflush(stdout);
        return local;
      }
      """, ["-static", "-pthread"], in: folder)
    try (0..<300).map { "line \($0)\n" }.joined().write(toFile: folder.file("in"), atomically: true, encoding: .utf8)
    let result = try LinuxToolchain.simulate(program, in: folder) { $0.standardInput = .path(folder.file("in")) }
    #expect(result.ending == .exited(7))
    #expect(result.output.hasPrefix("300 "))
    #expect(result.lines == [])
    guard let qemu = LinuxToolchain.qemu else { return }
    let (status, output) = try LinuxToolchain.run("/bin/sh", ["-c", "\(qemu) ./program < in"], in: folder)
    #expect(status == 7)
    #expect(output == result.output)
  }

  static let deaths: [(String, Int, Trap.Cause?)] = [
    ("*(volatile int *)8 = 1;", 11, .storePageFault),
    ("return *(volatile int *)0x3ffffff000;", 11, .loadPageFault),
    ("*(volatile char *)-1L = 1;", 11, .storePageFault),
    ("((void (*)(void))0x1000)();", 11, .instructionPageFault),
    ("*(volatile int *)main = 0;", 11, .storePageFault),
    ("__builtin_trap();", 5, .breakpoint),
    ("__asm__(\"unimp\");", 4, .illegalInstruction),
    ("abort();", 6, nil),
    ("raise(15);", 15, nil),
    ("signal(6, SIG_IGN); abort();", 6, nil),
    ("char *p = alloca(100); for (;;) { *(volatile char *)p = 1; p -= 4096; }", 11, .storePageFault),
  ]

  @Test("Wild programs die by the right signal")
  func deaths() throws {
    // One program for all: which death is its first argument.
    let cases = Self.deaths.enumerated().map { "case \($0.offset): \($0.element.0) break;" }.joined(separator: "\n")
    let source = """
      #include <stdlib.h>
      #include <signal.h>
      #include <alloca.h>
      int main(int argc, char **argv) { switch (atoi(argv[1])) { \(cases) } return 0; }
      """
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(source, in: folder)
    for (index, (text, signal, cause)) in Self.deaths.enumerated() {
      let result = try LinuxToolchain.simulate(program, ["\(index)"], in: folder)
      guard case .killed(let number, let trap) = result.ending else {
        Issue.record("\(text) ended by \(result.ending)")
        continue
      }
      #expect(number == signal, "\(text)")
      #expect(trap?.cause == cause, "\(text)")
    }
  }

  @Test("A static PIE lies where Linux puts it and finds its headers")
  func position() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(
      """
      #include <elf.h>
      static int data = 5;
      int *volatile pointer = &data;
      extern Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));
      extern char __ehdr_start[] __attribute__((visibility("hidden")));
      void start(long *stack) {
        unsigned long base = (unsigned long)__ehdr_start, rela = 0, size = 0, entry = 0, headers = 0;
        for (Elf64_Dyn *d = _DYNAMIC; d->d_tag; d++) {
          if (d->d_tag == DT_RELA) rela = base + d->d_un.d_ptr;
          if (d->d_tag == DT_RELASZ) size = d->d_un.d_val;
        }
        for (Elf64_Rela *r = (void *)rela; (unsigned long)r < rela + size; r++)
          if (r->r_info == R_RISCV_RELATIVE) *(unsigned long *)(base + r->r_offset) = base + r->r_addend;
        long *auxv = stack + 1 + *stack + 1;
        while (*auxv++) ;
        for (; *auxv; auxv += 2) {
          if (*auxv == AT_ENTRY) entry = auxv[1];
          if (*auxv == AT_PHDR) headers = auxv[1];
        }
        extern void _start(void) __attribute__((visibility("hidden")));
        register long number __asm__("a7") = 93;
        register long code __asm__("a0") = 1;
        if (base == 0x2aaaaaa000 && entry == (unsigned long)_start && headers == base + 64 && pointer == &data) code = *pointer;
        __asm__ volatile("ecall" : : "r"(number), "r"(code));
      }
      __asm__(".globl _start\\n_start: mv a0, sp\\n tail start");
      """, ["-nostdlib", "-static", "-fPIE", "-Wl,-pie,--no-dynamic-linker"], in: folder)
    let result = try LinuxToolchain.simulate(program, in: folder)
    #expect(result.ending == .exited(5))
  }

  @Test("A dynamic program is refused by name")
  func dynamic() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile("int main(void) { return 0; }", [], in: folder)
    let image = try Image(path: program)
    #expect(image.interpreter != nil)
    do {
      _ = try LinuxUser.system(image, isa: .max, arguments: [], environment: [])
      Issue.record("it was accepted")
    } catch {
      #expect("\(error)" == "needs /lib/ld-linux-riscv64-lp64d.so.1: dynamic programs are not supported yet")
    }
  }
}
