using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

/// <summary>The printer of a kind.</summary>
internal static class Printers
{
    public static IPrinter For(KindInfo kind) => new NameAndAge();

    private sealed class NameAndAge : IPrinter
    {
        public IReadOnlyList<Column> Columns { get; } = [new("Name", Format: "name"), new("Age")];

        public JsonArray Cells(JsonObject body, DateTimeOffset now) => [body.Name(), Age.Of(body, now)];
    }
}
