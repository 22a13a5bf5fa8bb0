using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Collects errors while a value is walked; it knows where the walk is.</summary>
internal sealed class FieldErrors
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _path = [];

    public List<FieldError> All { get; } = [];

    public bool Full => All.Count >= SchemaLimits.MaxErrors;

    public int Depth => _path.Count;

    public void Enter(string member) => _path.Add(member);

    public void Enter(int index) => _path.Add($"[{index}]");

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Where the walk is; <c>&lt;nil&gt;</c> at the root, as upstream prints it.</summary>
    public string Path => _path.Count == 0 ? "<nil>" : Join();

    /// <summary>The name used within messages of value checks.</summary>
    public string Name => _path.Count == 0 ? "" : Join();

    public void Add(FieldErrorType type, string? badValue, string detail) => Add(type, Path, badValue, detail);

    public void Add(FieldErrorType type, string path, string? badValue, string detail)
    {
        if (!Full) All.Add(new FieldError(type, path, badValue, detail));
    }

    /// <summary>An invalid value with a message that starts with the field's name.</summary>
    public void InBody(JsonNode? value, string rest) => Add(FieldErrorType.Invalid, Show(value), $"{Name} in body {rest}");

    public string Child(string member) => _path.Count == 0 ? member : $"{Join()}.{member}";

    public static string Show(JsonNode? value) => value?.ToJsonString(s_plain) ?? "\"\"";

    private string Join()
    {
        var text = new StringBuilder();
        foreach (var step in _path)
        {
            if (text.Length > 0 && step[0] != '[') text.Append('.');
            text.Append(step);
        }
        return text.ToString();
    }
}
