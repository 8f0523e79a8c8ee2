// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkSockDiag
import Testing

@testable import SSCommand

@Suite("Command lines") struct CommandLineTests {
    func options(_ line: String) throws -> SSOptions {
        try SSOptions(line.split(separator: " ").map(String.init), program: "ss")
    }

    func selection(_ line: String) throws -> Selection {
        let options = try options(line)
        var selection = try Selection(options)
        try selection.complete(options, SocketNames(isNumeric: true, resolvesHosts: false))
        return selection
    }

    @Test(
        "mean the same short, long and shortened",
        arguments: [
            ("-t", "--tcp"), ("-u", "--udp"), ("-x", "--unix"), ("-w", "--raw"), ("-0", "--packet"), ("-a", "--all"),
            ("-l", "--listening"), ("-n", "--numeric"), ("-r", "--resolve"), ("-o", "--options"), ("-e", "--extended"),
            ("-m", "--memory"), ("-p", "--processes"), ("-T", "--threads"), ("-i", "--info"), ("-s", "--summary"),
            ("-4", "--ipv4"), ("-6", "--ipv6"), ("-H", "--no-header"), ("-O", "--oneline"), ("-Q", "--no-queues"),
            ("-K", "--kill"), ("-E", "--events"), ("-b", "--bpf"), ("-B", "--bound-inactive"), ("-M", "--mptcp"),
            ("-d", "--dccp"), ("-S", "--sctp"), ("-f inet", "--family inet"), ("-f inet6", "--family=inet6"),
            ("-A tcp,udp", "--query tcp,udp"), ("-A tcp", "--socket=tcp"), ("-F file", "--filter file"),
            ("-D -", "--diag=-"), ("-j", "--json"), ("-tuan", "--tcp --udp --all --numeric"), ("-tan4", "-t -a -n -4"),
            ("-finet", "-f inet"), ("--num", "-n"), ("--listen", "-l"), ("-tn state listening", "state listening -tn"),
        ])
    func meansTheSame(_ short: String, _ long: String) throws {
        #expect("\(try options(short))" == "\(try options(long))")
        // An option that is parsed and ignored would not differ from none.
        #expect("\(try options(short))" != "\(try options(""))")
    }

    @Test(
        "that are wrong are refused by name",
        arguments: [
            "-Y", "--nosuch", "--t", "-f", "-f nosuch", "-A", "-A nosuch", "-A tcp,nosuch", "--tcp=1", "-F /nosuch -t",
            "-D", "--tipc", "--xdp", "-f tipc", "-f xdp", "-A xdp", "-A tcp,tipc", "--tipcinfo", "--bpf-maps",
            "--bpf-map-id 3", "-Z", "-z", "state", "exclude", "state nosuch", "-t sport", "-t foo", "-t sport = :80 )",
            "-F /tmp -t", "-N /nosuch/nosuch -t",
        ])
    func refuses(_ line: String) {
        let outcome = ss(line)
        #expect(outcome.status != 0 && (outcome.output.isEmpty || outcome.output == "usage"))
    }

    @Test("for what is not there yet name it, with status 1") func namesWhatIsMissing() {
        for (line, word) in [("--tipc", "TIPC"), ("-ta --xdp", "XDP"), ("--bpf-maps", "bpf-maps")] {
            let outcome = ss(line)
            #expect(outcome.status == 1 && outcome.error?.contains(word) == true)
        }
        // Where everything is asked for they are left out.
        #expect(ss("-A all -a").status == 0 && ss("-A all,!tipc -a").status == 0)
    }

    @Test("with a wrong filter name the word") func namesTheWord() {
        #expect(ss(["-t", "sport = :80 )"]).error?.contains("\")\"") == true)
        #expect(ss(["-t", "src 10.0.0.0/33"]).error?.contains("10.0.0.0/33") == true)
        #expect(ss(["-t", "dport = nosuchservice"]).error?.contains("nosuchservice") == true)
        #expect(ss(["-t", "fwmark 1/x"]).error?.contains("1/x") == true)
        let deep = ss(
            ["-t"] + Array(repeating: "(", count: 10_000) + ["autobound"] + Array(repeating: ")", count: 10_000))
        #expect(deep.status == 255 && deep.error?.contains("nested too deeply") == true)
    }

    @Test("choose tables, families and states") func chooses() throws {
        #expect(try selection("").tables.count == SocketTable.allCases.count)
        #expect(try selection("-t").tables == [.tcp] && selection("-t").families == [.inet, .inet6])
        #expect(try selection("-t -4").inetFamilies == [.ipv4] && selection("-t -6").inetFamilies == [.ipv6])
        #expect(try selection("-x").tables == Set(SocketTable.unix))
        #expect(try selection("-A all,!tcp").tables == Set(SocketTable.allCases).subtracting([.tcp]))
        #expect(try selection("-l").states == .listeningOrClosed && selection("-a").states == .all)
        #expect(try selection("-a -l").states == .listeningOrClosed && selection("-Bl").states == .listeningOrClosed)
        #expect(try selection("-l -a").states == .all && selection("-tB").states == SocketStates(.boundInactive))
        #expect(try selection("state established state listening").states == SocketStates([.established, .listening]))
        #expect(try selection("exclude established").states == .all.subtracting(SocketStates(.established)))
        #expect(try selection("-a state connected exclude syn-sent").states == .synchronized)
        #expect(try selection("-t exclude all").states == .defaultStates)
        // -A takes the place of the tables before it, and its states that of all.
        #expect(try selection("-u -A raw").tables == [.raw] && selection("-A udp -w").tables == [.udp, .raw])
        #expect(
            try selection("-A udp").states == .defaultStates && selection("-u").states == SocketStates(.established))
        #expect(try selection("-A tcp -0").states == .defaultStates)
        // Of the internet only what was asked for, whatever other family is named behind it.
        #expect(try selection("-6 --vsock").inetFamilies == [.ipv6] && selection("-4 -x").inetFamilies == [.ipv4])
        #expect(try selection("-4 -6").inetFamilies == [.ipv6] && selection("-tx").inetFamilies == [.ipv4, .ipv6])
        #expect(try selection("-t src inet6:[::1]").inetFamilies == [.ipv6])
        #expect(try selection("-a src unix:*").families == [.unix])
    }

    @Test("take options behind a filter, and none behind --") func takesOptionsAnywhere() throws {
        let mixed = try options("-t sport = :80 -n")
        #expect(mixed.isNumeric && mixed.words == ["sport", "=", ":80"])
        let ended = try options("-t -- -n")
        #expect(!ended.isNumeric && ended.words == ["-n"])
    }
}
