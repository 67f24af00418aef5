import Foundation
import Testing

@testable import RVSimCLI

/// Timing as users meet it: machines, timed runs, measured loops.
struct TimingTests {
  private static let table = """
    mnemonic,operands,masked,sew,lmul,cycles
    vadd.vv,"v8,v16,v24",0,8,m1,1.0
    vadd.vv,"v8,v16,v24,v0.t",1,32,m2,4.0
    vle8.v,"v8,(t0)",0,8,m1,
    vlseg5e32.v,"v8,(t0)",0,32,m1,
    vsse16.v,"v8,(t2),t3",0,16,m1,
    vfmacc.vf,"v8,ft0,v16",0,32,m4,4.0
    vmv.x.s,"t0,v8",0,8,m8,6.0
    add,"t0,t1,t2",0,8,m1,0.6
    vnothing.vv,"v8,v16,v24",0,8,m1,1.0
    """

  /// A folder with the loops of the table, and what validate said.
  private static let loops: (folder: String, outcome: Outcome)? = {
    let folder = Scratch.path("loops-\(UUID().uuidString)")
    guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil,
      let file = try? Scratch.write(table, "table-\(UUID().uuidString).csv")
    else { return nil }
    return (folder, rvsim("validate", "--machine", "xuantie-c908", "--table", file, "--format", "json", "--keep-elf", folder))
  }()

  private func rows(_ outcome: Outcome) throws -> (all: [String: Any], rows: [[String: Any]]) {
    let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    return (json, try #require(json["rows"] as? [[String: Any]]))
  }

  @Test(
    "A table's loops are built, run and scored; a row without cycles gets a prediction, one that is no instruction is counted")
  func validate() throws {
    let outcome = try #require(Self.loops).outcome
    #expect(outcome.code == 0 && outcome.error == "")
    let (all, rows) = try rows(outcome)
    #expect(rows.count == 8)
    #expect(all["skipped"] as? Int == 1)
    #expect(rows.allSatisfy { ($0["predicted"] as? Double ?? 0) > 0.3 })
    #expect(rows[2]["measured"] == nil && rows[0]["measured"] as? Double == 1)
    let total = try #require(all["total"] as? [String: Any])
    #expect(total["rows"] as? Int == 5)
    for key in ["mape", "median", "within10", "tau", "bias"] { #expect(total[key] is Double, "\(key)") }
  }

  @Test("A loop that was kept takes the same cycles in a run of its own, with another observer too")
  func keptLoop() throws {
    let loops = try #require(Self.loops)
    let rows = try rows(loops.outcome).rows
    let path = "\(loops.folder)/vadd.vv-v8.v16.v24.v0.t-e32-m2-masked.elf"
    let cycles = Int((try #require(rows[1]["predicted"] as? Double) * 32768).rounded())
    let plain = rvsim("run", "--machine", "xuantie-c908", path)
    #expect(plain.code == 0 && plain.output == "")
    #expect(plain.error.contains("timing on xuantie-c908, region of interest\n"))
    // The prediction has six digits behind the point.
    let said = try #require(plain.error.firstMatch(of: /cycles +([0-9,]+)\n/)).1.filter(\.isNumber)
    #expect(abs(try #require(Int(said)) - cycles) <= 1, "\(cycles): \(plain.error)")
    #expect(plain.error.contains("  instructions          33,792\n"))
    let log = Scratch.path("timed.log")
    let logged = rvsim("run", "--machine", "xuantie-c908", "--trace", "spike=\(log)", path)
    #expect(logged.error == plain.error)
  }

  @Test("A run says how far its cycles may be trusted, and leaves the exit code alone")
  func label() throws {
    let path = "\(try #require(Self.loops).folder)/add-t0.t1.t2-e8-m1.elf"
    let outcome = rvsim("run", "--machine", "generic-inorder", path)
    #expect(outcome.code == 0)
    #expect(outcome.error.contains("not validated"))
    #expect(rvsim("run", "--machine", "xuantie-c908", path).error.contains("instruction tables only"))
  }

  @Test("--set changes a machine, and cycles with it")
  func set() throws {
    let path = "\(try #require(Self.loops).folder)/vadd.vv-v8.v16.v24-e8-m1.elf"
    let (plain, wide) = (
      rvsim("run", "--machine", "xuantie-c908", path),
      rvsim("run", "--machine", "xuantie-c908", "--set", "vector.interval=4 cycles", path)
    )
    #expect(plain.code == 0 && wide.code == 0 && plain.error != wide.error)
  }

  @Test(
    "What is wrong with a machine or a table is one line and exit code 125",
    arguments: [
      (["run", "--machine", "pdp-11", "x"], "no such machine; there are xuantie-c906, xuantie-c908"),
      (["run", "--set", "a=b", "x"], "wants --machine"), (["run", "--roi", "main", "x"], "--roi 'main': wants --machine"),
      (["run", "--thp", "x"], "--thp: wants --machine"),
      (["validate", "--machine", "xuantie-c908"], "wants --table or --latency"),
      (["validate", "--machine", "xuantie-c908", "--table", "t.csv", "--board", "b"], "--board goes with --latency"),
      (["validate", "--machine", "xuantie-c908", "--latency", "/nowhere.csv"], "cannot read"),
      (["run", "--machine", "xuantie-c908", "--set", "core.issue", "x"], "must be of the form key=value"),
      (["run", "--machine", "xuantie-c908", "--set", "core.isue=2 per cycle", "x"], "core.isue"),
      (["run", "--machine", "/nowhere/m.yaml", "x"], "cannot read"), (["machines", "show"], "machines takes nothing"),
      (["machines", "show", "pdp-11"], "no such machine"), (["machines", "--annotated"], "wants 'show'"),
      (["run", "--machine", "xuantie-c908", "--isa", "rv64gcv_zvl256b", "x"], "xuantie-c908: vlen: "),
      (["validate", "--machine", "xuantie-c908", "--table", "/nowhere.csv"], "cannot read"),
      (["fit", "--machine", "xuantie-c908", "--table", "/nowhere.csv"], "cannot read"),
    ])
  func wrong(arguments: [String], words: String) {
    let outcome = rvsim(arguments)
    #expect(outcome.code == 125)
    #expect(outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }

  @Test(
    "What is wrong with a table is named with its line",
    arguments: [
      ("mnemonic,operands\nvadd.vv,x\n", ":1: has no column masked"),
      (table.replacing(",8,m1,1.0", with: ",9,m1,1.0"), ":2: sew '9'"),
      (table.replacing("m2", with: "m3"), ":3: lmul 'm3'"), (table.replacing("0.6", with: "-1"), ":9: cycles '-1'"),
    ])
  func wrongTable(text: String, words: String) throws {
    let path = try Scratch.write(text, "wrong-\(UUID().uuidString).csv")
    let outcome = rvsim("validate", "--machine", "xuantie-c908", "--table", path)
    #expect(outcome.code == 125)
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test("--isa without vectors does without the machine's VLEN")
  func scalarISA() throws {
    let path = "\(try #require(Self.loops).folder)/add-t0.t1.t2-e8-m1.elf"
    let outcome = rvsim("run", "--machine", "xuantie-c908", "--isa", "rv64gc", path)
    // The loop's program itself begins with vsetvli.
    #expect(outcome.code == 128 + 4 && outcome.error.contains("timing on xuantie-c908"))
  }

  @Test(
    "What is wrong with a table of pointer chases is named with its line",
    arguments: [
      ("access,size_bytes\n1xPTR,4096\n", ":1: has no column latency_cycles"),
      ("access,size_bytes,latency_cycles\n1xPTR,5000,2\n", ":2: size_bytes '5000'"),
      ("access,size_bytes,latency_cycles\n1xPTR,4096,-2\n", ":2: latency_cycles '-2'"),
      ("core,access,size_bytes,latency_cycles\npdp,1xPTR,4096,2\n", "has no rows of xuantie-c908"),
    ])
  func wrongChase(text: String, words: String) throws {
    let path = try Scratch.write(text, "chase-\(UUID().uuidString).csv")
    let outcome = rvsim("validate", "--machine", "xuantie-c908", "--latency", path)
    #expect(outcome.code == 125 && outcome.error.contains(words), "\(outcome.error)")
  }

  @Test("A pointer chase in the first cache takes the latency of a load, one through memory that of memory")
  func chase() throws {
    let path = try Scratch.write("access,size_bytes,latency_cycles\n1xPTR,4096,2\n1xPTR,1048576,\n8xPTR,4096,8\n", "chase.csv")
    let outcome = rvsim("validate", "--machine", "generic-inorder", "--latency", path, "--format", "json")
    let (all, rows) = try rows(outcome)
    #expect(outcome.code == 0 && all["schema"] as? String == "rvsim.chase/1" && rows.count == 3)
    #expect((1.9...2.2).contains(try #require(rows[0]["predicted"] as? Double)))
    #expect((7.9...8.7).contains(try #require(rows[1]["predicted"] as? Double)))
    #expect(try #require(rows[2]["predicted"] as? Double) > 200)
    #expect(rows[2]["measured"] == nil)
  }

  @Test("--folds takes neither --output nor --class")
  func folds() throws {
    let path = try Scratch.write(Self.table, "folds.csv")
    for more in [["--output", "x.yaml"], ["--class", "vfma"]] {
      let outcome = rvsim(["fit", "--machine", "xuantie-c908", "--table", path, "--folds", "2"] + more)
      #expect(outcome.code == 125 && outcome.error.contains("--folds writes no machine"))
    }
  }

  @Test("fit writes a machine that predicts what it was fitted to")
  func fit() throws {
    let path = try Scratch.write(Self.table, "fit-\(UUID().uuidString).csv")
    let output = Scratch.path("fitted.yaml")
    #expect(rvsim("fit", "--machine", "generic-inorder", "--table", path, "--output", output, "--class", "vfma").code == 0)
    let text = try Scratch.read(output)
    #expect(text.contains("    vfma: {pipes:"))
    #expect(rvsim("machines", "show", "--annotated", output).code == 0)
  }

  @Test("machines lists each with its label, and shows its file")
  func machines() throws {
    let list = rvsim("machines")
    #expect(list.code == 0 && list.output.contains("xuantie-c908") && list.output.contains("instruction tables only"))
    #expect(rvsim("machines", "show", "xuantie-c908").output.hasPrefix("schema: rvsim.machine/1\nname: xuantie-c908\n"))
    #expect(rvsim("machines", "show", "xuantie-c908", "--annotated").output.contains("vector.dlen"))
  }
}
