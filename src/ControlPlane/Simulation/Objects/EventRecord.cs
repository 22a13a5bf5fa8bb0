using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Scheduling;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>
/// Core v1 Events about an object. The name is made from what the event says, so that the same event again raises its count
/// and a cluster that keeps failing does not fill up.
/// </summary>
internal static class EventRecord
{
    /// <summary>The same event within this time is not worth a write.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    public static async ValueTask RecordAsync(this ClusterScope scope, JsonObject about, string type, string reason, string message, string source,
        CancellationToken ct)
    {
        var @namespace = about.NamespaceOf().Length == 0 ? "default" : about.NamespaceOf();
        var name = $"{Shorten(about.NameOf())}.{StableHash.Hex($"{about.Uid()}/{reason}/{message}", 16)}";
        var now = scope.Now.Rfc3339();
        var again = await scope.Api.ChangeAsync(CoreKinds.Event, new(@namespace, name), seen =>
        {
            if (seen.Time("lastTimestamp") + Quiet > scope.Now)
                return false;
            seen["count"] = (seen.Number("count") ?? 1) + 1;
            seen["lastTimestamp"] = now;
            return true;
        }, status: false, ct);
        if (again is not null)
            return;
        await scope.Api.CreateAsync(CoreKinds.Event, new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = about.Text("apiVersion"),
                ["kind"] = about.Text("kind"),
                ["name"] = about.NameOf(),
                ["namespace"] = about.NamespaceOf(),
                ["uid"] = about.Uid(),
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = source },
            ["reportingComponent"] = source,
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
        }, ct);
    }

    private static string Shorten(string name) => name.Length <= 200 ? name : name[..200];
}
