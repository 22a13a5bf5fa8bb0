using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Holds;

/// <summary>The annotation <see cref="FleetAnnotations.HeldServices"/> of a ServiceSet. Pure. One that cannot be read holds every service: somebody meant something by it.</summary>
internal sealed class ServiceHolds
{
    /// <summary>All annotations of an object together may have 256 KiB.</summary>
    private const int LongestText = 128 * 1024;

    private readonly Dictionary<string, ServiceHold> holds = new(StringComparer.Ordinal);
    private readonly ServiceHold? all;

    private ServiceHolds(ServiceHold? all) => this.all = all;

    public static ServiceHolds Of(ObjectMeta set) => Parse(set.Annotations?.GetValueOrDefault(FleetAnnotations.HeldServices));

    public static ServiceHolds Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new(null);
        try
        {
            if (text.Length <= LongestText && JsonNode.Parse(text) is JsonObject map)
            {
                var result = new ServiceHolds(null);
                foreach (var (name, entry) in map)
                    result.holds[name] = Read(entry);
                return result;
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // As below: not what the annotation has to be.
        }
        return new(new() { Problem = $"the annotation {FleetAnnotations.HeldServices} of the ServiceSet is not what it has to be (JSON by NAMESPACE/NAME of services), so all services stay as they are" });
    }

    public ServiceHold? Of(ReleaseName release) => all ?? holds.GetValueOrDefault(Name(release));

    /// <summary>Entries that hold nothing any more: a rollback whose service is declared otherwise by now, or not at all.</summary>
    public IReadOnlyList<string> Over(IEnumerable<PlacedService> wanted)
    {
        var declared = wanted.GroupBy(service => ServiceKey.Of(service).ToString()).ToDictionary(group => group.Key, group => group.First());
        return [.. holds.Where(hold => hold.Value.IsOver(declared.GetValueOrDefault(hold.Key))).Select(hold => hold.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>The annotation with another entry for a service (null: with none); null when nothing is held any more.</summary>
    public string? With(ReleaseName release, ServiceHold? hold)
    {
        var result = new Dictionary<string, ServiceHold>(holds, StringComparer.Ordinal);
        result.Remove(Name(release));
        if (hold is not null)
            result[Name(release)] = hold;
        return Write(result);
    }

    public string? Without(IEnumerable<string> names) => Write(holds.Where(hold => !names.Contains(hold.Key)).ToDictionary(hold => hold.Key, hold => hold.Value));

    private static string Name(ReleaseName release) => $"{release.Namespace}/{release.Name}";

    private static ServiceHold Read(JsonNode? entry)
    {
        if (entry is not JsonObject fields || (fields["revision"] is { } given && (given is not JsonValue value || !value.TryGetValue<int>(out var number) || number < 1)))
            return new() { Problem = $"its entry in the annotation {FleetAnnotations.HeldServices} is not {{\"revision\": NUMBER, \"by\": …, \"since\": …}}, so the service stays as it is" };
        return new()
        {
            Revision = (int?)fields["revision"],
            By = Text(fields["by"]) ?? "",
            Since = DateTimeOffset.TryParse(Text(fields["since"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : null,
            Declared = Text(fields["declared"]),
        };
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static string? Write(Dictionary<string, ServiceHold> holds)
    {
        if (holds.Count == 0)
            return null;
        var map = new JsonObject();
        foreach (var (name, hold) in holds.OrderBy(hold => hold.Key, StringComparer.Ordinal))
        {
            var entry = new JsonObject();
            if (hold.Revision is { } revision)
                entry["revision"] = revision;
            if (hold.By.Length > 0)
                entry["by"] = hold.By;
            if (hold.Since is { } since)
                entry["since"] = since.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (hold.Declared is not null)
                entry["declared"] = hold.Declared;
            map[name] = entry;
        }
        return map.ToJsonString();
    }
}
