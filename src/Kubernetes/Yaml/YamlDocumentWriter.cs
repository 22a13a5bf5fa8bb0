using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.Kubernetes.Yaml;

/// <summary>Emits block style; a string is quoted whenever plain text would be read as something else, and multi-line text is a literal block.</summary>
internal sealed class YamlDocumentWriter
{
    private static readonly EmitterSettings Settings = EmitterSettings.Default.WithBestWidth(int.MaxValue).WithNewLine("\n");

    private readonly IEmitter emitter;

    private YamlDocumentWriter(IEmitter emitter) => this.emitter = emitter;

    internal static string Write(JsonNode? root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var writer = new YamlDocumentWriter(new Emitter(text, Settings));
        writer.emitter.Emit(new StreamStart());
        writer.emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        writer.WriteNode(root);
        writer.emitter.Emit(new DocumentEnd(isImplicit: true));
        writer.emitter.Emit(new StreamEnd());
        var result = text.ToString();
        // A lone plain scalar is closed by the emitter with an explicit document end.
        return result.EndsWith("\n...\n", StringComparison.Ordinal) ? result[..^4] : result;
    }

    private void WriteNode(JsonNode? node)
    {
        switch (node)
        {
            case null:
                Plain("null");
                break;
            case JsonObject map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    Text(key, isKey: true);
                    WriteNode(value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                    WriteNode(item);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                    Text(node.GetValue<string>(), isKey: false);
                else
                    Plain(node.ToJsonString());
                break;
        }
    }

    private void Plain(string text)
        => emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));

    private void Text(string text, bool isKey)
    {
        var style = !isKey && FitsLiteral(text) ? ScalarStyle.Literal
            : text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? ScalarStyle.DoubleQuoted
            : YamlScalars.NeedsQuotes(text) || text[0] is ' ' || text[^1] is ' ' ? ScalarStyle.DoubleQuoted
            : ScalarStyle.Any;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    /// <summary>Literal blocks cannot carry trailing blanks in every reader, leading blanks need an indicator, and tabs or control characters need escapes.</summary>
    private static bool FitsLiteral(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) || text[0] is ' ' or '\n' || text.EndsWith("\n\n", StringComparison.Ordinal))
            return false;
        var previous = '\0';
        foreach (var c in text)
        {
            if (c == '\n' && previous == ' ' || c != '\n' && c is < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(c))
                return false;
            previous = c;
        }

        return previous != ' ';
    }
}
