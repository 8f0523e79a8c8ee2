// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkSockDiag

@Suite("Bytecode") struct ProgramTests {
    static var parser: SocketExpressionParser {
        var parser = SocketExpressionParser()
        parser.family = .ipv4
        parser.portOfService = { name in ["http": 80, "https": 443][name] }
        parser.indexOfLink = { ["lo": 1][$0] }
        return parser
    }

    func bytecode(_ text: String) throws -> String {
        guard case .program(let program) = SocketExpressionProgram.compile(try Self.parser.parse(text).filter) else {
            return "none"
        }
        return digits(program.bytes)
    }

    @Test("is the same as iproute2's", arguments: ReferencePrograms.all.map(\.expression))
    func isTheReferences(_ expression: String) throws {
        let expected = ReferencePrograms.all.first { $0.expression == expression }?.bytecode
        #expect(try bytecode(expression) == expected)
    }

    @Test("asks the kernel for the link, which iproute2 sorts out by itself") func compilesLinks() throws {
        #expect(try bytecode("dev lo") == "09080c0001000000")
    }

    @Test("has a control group's number whole") func compilesCgroups() throws {
        let filter = SocketExpression.cgroup(0x1_0000_0002)
        guard case .program(let program) = SocketExpressionProgram.compile(filter) else {
            Issue.record("no program")
            return
        }
        #expect(digits(program.bytes) == "0d0c10000200000001000000")
    }

    @Test("folds what is always or never so") func folds() {
        #expect(SocketExpressionProgram.compile(.all([])) == .always)
        #expect(SocketExpressionProgram.compile(.any([])) == .never)
        #expect(SocketExpressionProgram.compile(.not(.any([]))) == .always)
        #expect(SocketExpressionProgram.compile(.local(.unix(GlobPattern("*")))) == .never)
        #expect(SocketExpressionProgram.compile(.all([.isAutobound, .local(.vsock(context: 1, port: 2))])) == .never)
        #expect(SocketExpressionProgram.compile(.any([.isAutobound, .all([])])) == .always)
        let port = SocketExpression.localPort(.equal, 80)
        #expect(SocketExpressionProgram.compile(.any([.any([]), port])) == SocketExpressionProgram.compile(port))
        #expect(SocketExpressionProgram.compile(.all([.all([]), port])) == SocketExpressionProgram.compile(port))
    }

    @Test("jumps only where the kernel lets it") func passesTheKernelsAudit() throws {
        for text in ReferencePrograms.all.map(\.expression) {
            guard case .program(let program) = SocketExpressionProgram.compile(try Self.parser.parse(text).filter)
            else {
                continue
            }
            var starts: Set<Int> = [program.bytes.count]
            var offset = 0
            while offset < program.bytes.count {
                starts.insert(offset)
                offset += Int(program.bytes[offset + 1])
            }
            #expect(offset == program.bytes.count)
            for start in starts where start < program.bytes.count {
                let no = start + Int(program.bytes[start + 2]) + Int(program.bytes[start + 3]) << 8
                #expect(no == program.bytes.count + 4 || starts.contains(no), "\(text)")
            }
        }
    }

    @Test("is given up where it would be larger than an attribute") func knowsTheLimit() throws {
        let many = SocketExpression.any((0..<4000).map { .remote(.internet("10.0.0.0/8", port: UInt16($0))) })
        #expect(SocketExpressionProgram.compile(many) == .tooLarge)
        let dump = InetSocketDump(.tcp, family: .ipv4, filter: many)
        // Sorted out here alone: no bytecode goes.
        #expect(try dump.messageBytes().count == 72)
        let hopeless = InetSocketDump(.tcp, family: .ipv4, filter: .all([many, .isAutobound]))
        #expect(throws: NetlinkError.self) { try hopeless.messageBytes() }
    }

    @Test("of a filter that nothing passes asks for no state") func asksForNothing() throws {
        let dump = InetSocketDump(.tcp, family: .ipv4, filter: .any([]))
        #expect(try dump.payloadDigits().hasPrefix("0206000000000000"))
    }
}
