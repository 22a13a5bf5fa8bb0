using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Printing;

/// <summary>Turns objects of one kind into table rows.</summary>
internal interface IPrinter
{
    IReadOnlyList<Column> Columns { get; }

    JsonArray Cells(JsonObject body, DateTimeOffset now);
}

/// <summary>Priority 0 is always shown, 1 with <c>-o wide</c>.</summary>
internal sealed record Column(string Name, string Type = "string", int Priority = 0, string Format = "", string Description = "")
{
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
