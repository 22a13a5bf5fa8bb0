namespace Fleet.Expressions;

/// <summary>Parses an expression; macros become nodes of their own.</summary>
internal sealed class CelParser
{
    private const int MaxDepth = 200;
    private const int MaxLength = 64 * 1024;

    private static readonly HashSet<string> s_reserved =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    private readonly CelLexer _lexer;
    private CelToken _token;
    private int _nesting;

    private CelParser(string text)
    {
        _lexer = new CelLexer(text);
        if (text.Length > MaxLength) throw new CelException($"the expression is longer than {MaxLength} characters", 1, 1);
        _token = _lexer.Next();
    }

    public static CelNode Parse(string text, out CelLexer source)
    {
        var parser = new CelParser(text);
        source = parser._lexer;
        var node = parser.Expression();
        if (parser._token.Kind != CelTokenKind.End) throw parser.Unexpected();
        return node;
    }

    private CelNode Expression()
    {
        if (++_nesting > MaxDepth) throw _lexer.Error(_token.Position, "expression recursion limit exceeded");
        var condition = Or();
        if (Is("?"))
        {
            var position = Take().Position;
            var yes = Or();
            Expect(":");
            condition = Checked(new CelCall(position, "_?_:_", false, condition, yes, Expression()));
        }
        _nesting--;
        return condition;
    }

    private CelNode Or() => LeftToRight(And, "||");

    private CelNode And() => LeftToRight(Relation, "&&");

    private CelNode Relation() => LeftToRight(Sum, "<", "<=", ">", ">=", "==", "!=", "in");

    private CelNode Sum() => LeftToRight(Product, "+", "-");

    private CelNode Product() => LeftToRight(Unary, "*", "/", "%");

    private CelNode LeftToRight(Func<CelNode> part, params ReadOnlySpan<string> operators)
    {
        var left = part();
        while (_token.Kind == CelTokenKind.Symbol && operators.Contains(_token.Text))
        {
            var op = Take();
            left = Checked(new CelCall(op.Position, $"_{op.Text}_", false, left, part()));
        }
        return left;
    }

    private CelNode Unary()
    {
        if (Is("!"))
        {
            var position = Take().Position;
            return Nested(() => Checked(new CelCall(position, "!_", false, Unary())));
        }
        if (!Is("-")) return Member(Primary());
        var minus = Take();
        // The most negative int exists only together with its sign.
        if (_token is { Kind: CelTokenKind.Literal, Value: decimal or long or double } number)
        {
            Take();
            object value = number.Value switch
            {
                long l => (object)-l,
                double d => -d,
                decimal m when m == 9223372036854775808m => long.MinValue,
                _ => throw _lexer.Error(number.Position, "invalid int literal"),
            };
            return Member(new CelLiteral(minus.Position, value));
        }
        return Nested(() => Checked(new CelCall(minus.Position, "-_", false, Unary())));
    }

    private CelNode Nested(Func<CelNode> part)
    {
        if (++_nesting > MaxDepth) throw _lexer.Error(_token.Position, "expression recursion limit exceeded");
        var node = part();
        _nesting--;
        return node;
    }

    private CelNode Member(CelNode node)
    {
        while (true)
        {
            if (Is("."))
            {
                var dot = Take();
                if (Is("?")) throw _lexer.Error(_token.Position, "optional types are not supported");
                var name = Selector();
                node = Checked(Is("(") ? Method(dot.Position, node, name) : new CelSelect(dot.Position, node, name, false));
            }
            else if (Is("["))
            {
                var position = Take().Position;
                if (Is("?")) throw _lexer.Error(_token.Position, "optional types are not supported");
                var index = Expression();
                Expect("]");
                node = Checked(new CelCall(position, "_[_]", false, node, index));
            }
            else if (Is("{") && node is CelIdent or CelSelect) throw _lexer.Error(_token.Position, "construction of messages is not supported");
            else return node;
        }
    }

    private CelNode Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case CelTokenKind.Literal:
                Take();
                return new CelLiteral(token.Position, token.Value is decimal ? throw _lexer.Error(token.Position, "invalid int literal") : token.Value);
            case CelTokenKind.Ident:
                var name = Name();
                return Is("(") ? Function(token.Position, name) : new CelIdent(token.Position, name);
        }
        switch (token.Text)
        {
            case "(":
                Take();
                var inner = Expression();
                Expect(")");
                return inner;
            case "[":
                Take();
                return Checked(new CelListNode(token.Position, Arguments("]")));
            case "{":
                Take();
                return Checked(new CelMapNode(token.Position, Entries()));
            case ".":
                Take();
                return _token.Kind == CelTokenKind.Ident && Primary() is CelIdent name ? name with { IsRoot = true } : throw Unexpected();
            default:
                throw Unexpected();
        }
    }

    private CelNode Function(int position, string name)
    {
        Take();
        var arguments = Arguments(")");
        if (name != "has") return Checked(new CelCall(position, name, false, arguments));
        return arguments is [CelSelect { IsTest: false } select]
            ? new CelSelect(select.Position, select.Operand, select.Field, true)
            : throw _lexer.Error(position, "invalid argument to has() macro");
    }

    private CelNode Method(int position, CelNode target, string name)
    {
        Take();
        var arguments = Arguments(")");
        CelMacroKind? kind = (name, arguments.Length) switch
        {
            ("all", 2) => CelMacroKind.All,
            ("exists", 2) => CelMacroKind.Exists,
            ("exists_one" or "existsOne", 2) => CelMacroKind.ExistsOne,
            ("filter", 2) => CelMacroKind.Filter,
            ("map", 2 or 3) => CelMacroKind.Map,
            _ => null,
        };
        if (kind is null && (name is "transformList" or "transformMap" || name is "all" or "exists" or "exists_one" or "existsOne" && arguments.Length == 3))
            throw _lexer.Error(position, $"{name} with two variables is not supported");
        if (kind is null) return new CelCall(position, name, true, [target, .. arguments]);
        if (arguments[0] is not CelIdent variable) throw _lexer.Error(arguments[0].Position, "argument must be a simple name");
        return new CelMacro(position, kind.Value, target, variable.Name, arguments.Length == 3 ? arguments[1] : null, arguments[^1]);
    }

    private CelNode[] Arguments(string end)
    {
        var list = new List<CelNode>();
        while (!Is(end))
        {
            list.Add(Expression());
            if (!Is(",")) break;
            Take();
        }
        Expect(end);
        return [.. list];
    }

    private (CelNode, CelNode)[] Entries()
    {
        var list = new List<(CelNode, CelNode)>();
        while (!Is("}"))
        {
            var key = Expression();
            Expect(":");
            list.Add((key, Expression()));
            if (!Is(",")) break;
            Take();
        }
        Expect("}");
        return [.. list];
    }

    /// <summary>Behind a dot every word is a name, and what is no word may be quoted: <c>labels.`app.kubernetes.io/name`</c>.</summary>
    private string Selector()
    {
        if (_token.Kind != CelTokenKind.Ident && _token.Text is not "in" && _token is not { Kind: CelTokenKind.Quoted }) throw Unexpected();
        return Take().Text;
    }

    private string Name()
    {
        if (_token.Kind != CelTokenKind.Ident) throw Unexpected();
        if (s_reserved.Contains(_token.Text)) throw _lexer.Error(_token.Position, $"reserved identifier: {_token.Text}");
        return Take().Text;
    }

    private T Checked<T>(T node) where T : CelNode => node.Depth <= MaxDepth ? node : throw _lexer.Error(node.Position, "expression recursion limit exceeded");

    private bool Is(string symbol) => _token.Kind == CelTokenKind.Symbol && _token.Text == symbol;

    private CelToken Take()
    {
        var token = _token;
        _token = _lexer.Next();
        return token;
    }

    private void Expect(string symbol)
    {
        if (!Is(symbol)) throw Unexpected();
        Take();
    }

    private CelException Unexpected() => _lexer.Error(_token.Position,
        _token.Kind == CelTokenKind.End ? "Syntax error: mismatched input '<EOF>'" : $"Syntax error: mismatched input '{_token.Text}'");
}
