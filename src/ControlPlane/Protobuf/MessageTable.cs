using System.Collections.Frozen;

namespace Fleet.ControlPlane.Protobuf;

/// <summary>One field: its JSON name, and its type as the table writes it.</summary>
internal sealed record MessageField(string Name, FieldShape Shape, string Type);

internal enum FieldShape { Single, List, Map, Inline }

/// <summary>
/// The numbers of the fields of Kubernetes' own types, from <c>messages.txt</c>: a line for each message, <c>number:name:type</c> for each field.
/// Types: s string, y bytes, i integer, b boolean, d double, T time, U time with microseconds, Q quantity, I int-or-string, R raw JSON, else a message;
/// before them * for a list, % for a map with string keys, = for fields that JSON shows in the parent.
/// </summary>
internal static class MessageTable
{
    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<int, MessageField>>> Messages = new(Read);

    public static FrozenDictionary<int, MessageField>? Find(string message) => Messages.Value.GetValueOrDefault(message);

    /// <summary>The message of a top-level kind.</summary>
    public static string NameOf(string apiVersion, string kind)
    {
        if (kind == "DeleteOptions") return "meta.v1.DeleteOptions";
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return $"core.{apiVersion}.{kind}";
        var group = apiVersion[..slash];
        var dot = group.IndexOf('.', StringComparison.Ordinal);
        return $"{(dot < 0 ? group : group[..dot])}.{apiVersion[(slash + 1)..]}.{kind}";
    }

    private static FrozenDictionary<string, FrozenDictionary<int, MessageField>> Read()
    {
        using var stream = typeof(MessageTable).Assembly.GetManifestResourceStream("Fleet.ControlPlane.Protobuf.messages.txt")
            ?? throw new InvalidOperationException("the table of messages is not in the assembly");
        using var reader = new StreamReader(stream);
        var all = new Dictionary<string, FrozenDictionary<int, MessageField>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            all[words[0]] = words[1..].Where(w => w.Length > 0).Select(Field).ToFrozenDictionary(f => f.Number, f => f.Field);
        }
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static (int Number, MessageField Field) Field(string text)
    {
        var parts = text.Split(':');
        var shape = parts[2][0] switch { '*' => FieldShape.List, '%' => FieldShape.Map, '=' => FieldShape.Inline, _ => FieldShape.Single };
        return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            new MessageField(parts[1], shape, shape == FieldShape.Single ? parts[2] : parts[2][1..]));
    }
}
