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
        guard case .program(let program) = Self.code(try Self.parser.parse(text).filter) else {
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
        guard case .program(let program) = Self.code(filter) else {
            Issue.record("no program")
            return
        }
        #expect(digits(program.bytes) == "0d0c10000200000001000000")
    }

    static func code(_ filter: SocketExpression) -> SocketExpressionProgram.Compiled {
        SocketExpressionProgram.compile(filter).code
    }

    @Test("folds what is always or never so") func folds() {
        #expect(Self.code(.all([])) == .always)
        #expect(Self.code(.any([])) == .never)
        #expect(Self.code(.not(.any([]))) == .always)
        #expect(Self.code(.local(.unix(GlobPattern("*")))) == .never)
        #expect(Self.code(.all([.isAutobound, .local(.vsock(context: 1, port: 2))])) == .never)
        #expect(Self.code(.any([.isAutobound, .all([])])) == .always)
        let port = SocketExpression.localPort(.equal, 80)
        #expect(Self.code(.any([.any([]), port])) == Self.code(port))
        #expect(Self.code(.all([.all([]), port])) == Self.code(port))
        #expect(Self.code(.not(.not(port))) == Self.code(port))
    }

    @Test("leaves out what the kernel cannot judge, so that more passes and never less") func leavesOut() {
        let port = SocketExpression.localPort(.equal, 80)
        let user = SocketExpression.user(5)
        #expect(Self.code(user) == .always && Self.code(.not(user)) == .always)
        #expect(Self.code(.all([user, port])) == Self.code(port))
        #expect(Self.code(.any([user, port])) == .always)
        #expect(Self.code(.not(.any([user, port]))) == Self.code(.not(port)))
        #expect(Self.code(.not(.all([user, port]))) == .always)
        #expect(Self.code(.not(.all([.not(.any([user, port])), .any([])]))) == .always)
        #expect(!SocketExpressionProgram.compile(.all([user, port])).isExact)
        #expect(SocketExpressionProgram.compile(.all([user, .any([])])) == SocketExpressionProgram.compile(.any([])))
        #expect(SocketExpressionProgram.compile(.any([user, .all([])])).isExact)
    }

    @Test("refuses what neither the kernel nor this library could sort out") func refusesTheUndecidable() throws {
        let user = SocketExpression.user(5)
        let beside = InetSocketDump(.tcp, family: .ipv4, filter: .all([user, .isAutobound]))
        #expect(try beside.payloadDigits().hasSuffix("0800010006040800"))
        let other = InetSocketDump(.tcp, family: .ipv4, filter: .any([user, .isAutobound]))
        #expect(throws: NetlinkError.self) { try other.messageBytes() }
    }

    @Test("jumps only where the kernel lets it") func passesTheKernelsAudit() throws {
        for text in ReferencePrograms.all.map(\.expression) {
            guard case .program(let program) = Self.code(try Self.parser.parse(text).filter) else { continue }
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
        #expect(Self.code(many) == .always && !SocketExpressionProgram.compile(many).isExact)
        let dump = InetSocketDump(.tcp, family: .ipv4, filter: many)
        // Sorted out here alone: no bytecode goes.
        #expect(try dump.messageBytes().count == 72)
        // What stands beside it still goes.
        let port = SocketExpression.localPort(.equal, 80)
        #expect(Self.code(.all([many, port])) == Self.code(port))
        #expect(Self.code(.all([many, .isAutobound])) == Self.code(.isAutobound))
        #expect(Self.code(.not(many)) != .never)
        let hopeless = InetSocketDump(.tcp, family: .ipv4, filter: .any([many, .isAutobound]))
        #expect(throws: NetlinkError.self) { try hopeless.messageBytes() }
        // What just fits is sent, with jumps over all of it.
        let some = SocketExpression.any((0..<2730).map { .remote(.internet("10.0.0.0/8", port: UInt16($0))) })
        #expect(SocketExpressionProgram.compile(some).isExact)
        guard case .program(let program) = Self.code(.all((0..<3000).map { .localPort(.notEqual, $0) })) else {
            Issue.record("no program")
            return
        }
        #expect(program.bytes.count <= 65_528)
    }

    @Test("of a filter that nothing passes asks for no state") func asksForNothing() throws {
        let dump = InetSocketDump(.tcp, family: .ipv4, filter: .any([]))
        #expect(try dump.payloadDigits().hasPrefix("0206000000000000"))
    }
}
