using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Views;

/// <summary>The nouns that `fleet get` shows with columns of its own; any other is shown as the server prints it.</summary>
internal static class FleetViews
{
    private const string Group = "k0rdent.mirantis.com";

    public static ResourceKind ClusterDeployments { get; } = Fleet("ClusterDeployment", "clusterdeployments");

    public static ResourceKind Credentials { get; } = Fleet("Credential", "credentials");

    private static readonly Column Namespace = new("NAMESPACE", (row, _) => row.Object.Key.Namespace);
    private static readonly Column Name = new("NAME", (row, _) => row.Object.Key.Name);
    private static readonly Column AgeColumn = new("AGE", (row, now) => Age.Of(row.Object.Metadata.CreationTimestamp, now));

    public static IReadOnlyList<View> All { get; } =
    [
        new()
        {
            Words = ["clusters", "cluster", "clusterdeployments", "clusterdeployment", "clusterd", "cld"],
            Kind = ClusterDeployments,
            Columns =
            [
                Namespace, Name,
                new("READY", (row, _) => Conditions.Status(row.Object, "Ready")),
                new("SERVICES", (row, _) => ServicesReady(row.Object)),
                new("TEMPLATE", (row, _) => Text(row.Object.At("spec", "template"))),
                new("VERSION", (row, _) => Text(row.Object.At("status", "k8sVersion"))),
                AgeColumn,
                new("MESSAGE", (row, _) => Short(Conditions.Message(row.Object, "Ready"))),
                new("CREDENTIAL", (row, _) => Text(row.Object.At("spec", "credential"))) { Wide = true },
                new("DRYRUN", (row, _) => Text(row.Object.At("spec", "dryRun"))) { Wide = true },
            ],
        },
        new()
        {
            Words = ["services", "service", "svcs"],
            Kind = ClusterDeployments,
            Rows = seen => ((seen.At("status", "services") as JsonArray)?.OfType<JsonObject>() ?? []).Select(service => new Row(seen, service)),
            Named = (row, name) => (string?)row.Part["name"] == name,
            Columns =
            [
                new("CLUSTER", (row, _) => row.Object.Key.ToString()),
                new("NAMESPACE", (row, _) => Text(row.Part["namespace"])),
                new("NAME", (row, _) => Text(row.Part["name"])),
                new("STATE", (row, _) => Text(row.Part["state"])),
                new("VERSION", (row, _) => Text(row.Part["version"])),
                new("TEMPLATE", (row, _) => Text(row.Part["template"])),
                new("SINCE", (row, now) => Age.Of(Time(row.Part["lastStateTransitionTime"]), now)),
                new("MESSAGE", (row, _) => Short(Text(row.Part["failureMessage"]))),
            ],
        },
        Template("clustertemplates", "ClusterTemplate", ["clustertemplates", "clustertemplate", "templates", "clustertmpl"]),
        Template("servicetemplates", "ServiceTemplate", ["servicetemplates", "servicetemplate", "svctmpl"]),
        new()
        {
            Words = ["credentials", "credential", "cred"],
            Kind = Credentials,
            Columns =
            [
                Namespace, Name,
                new("READY", (row, _) => Conditions.Status(row.Object, "CredentialReady")),
                new("IDENTITY", (row, _) => $"{Text(row.Object.At("spec", "identityRef", "kind"))}/{Text(row.Object.At("spec", "identityRef", "name"))}"),
                AgeColumn,
                new("MESSAGE", (row, _) => Short(Conditions.Message(row.Object, "CredentialReady"))),
            ],
        },
        new()
        {
            Words = ["servicesets", "serviceset"],
            Kind = Fleet("ServiceSet", "servicesets"),
            Columns =
            [
                Namespace, Name,
                new("CLUSTER", (row, _) => Text(row.Object.At("spec", "cluster"))),
                new("SERVICES", (row, _) => ServicesReady(row.Object)),
                new("DEPLOYED", (row, _) => Text(row.Object.At("status", "deployed"))),
                AgeColumn,
            ],
        },
    ];

    /// <summary>The view for a word that a user typed, or null.</summary>
    public static View? Find(string word) => All.FirstOrDefault(view => view.Words.Contains(word.ToLowerInvariant()));

    /// <summary>Name and age of a kind that has no view of its own.</summary>
    public static View Plain(ResourceKind kind) => new()
    {
        Words = [kind.Plural],
        Kind = kind,
        IsPlain = true,
        Columns = kind.Namespaced ? [Namespace, Name, ReadyOf, AgeColumn] : [Name, ReadyOf, AgeColumn],
    };

    private static readonly Column ReadyOf = new("READY", (row, _) =>
        Conditions.Find(row.Object, "Ready") is null && Conditions.Find(row.Object, "Available") is { } available
            ? Text(available["status"])
            : Text(Conditions.Find(row.Object, "Ready")?["status"]));

    private static View Template(string plural, string kind, IReadOnlyList<string> words) => new()
    {
        Words = words,
        Kind = Fleet(kind, plural),
        Columns =
        [
            Namespace, Name,
            new("VALID", (row, _) => Text(row.Object.At("status", "valid"))),
            new("CHART", (row, _) => $"{Text(row.Object.At("spec", "helm", "chartSpec", "chart"))} {Text(row.Object.At("status", "chartVersion"))}".Trim()),
            AgeColumn,
            new("MESSAGE", (row, _) => Short(Text(row.Object.At("status", "validationError")))),
            new("DESCRIPTION", (row, _) => Short(Text(row.Object.At("status", "description")))) { Wide = true },
        ],
    };

    private static ResourceKind Fleet(string kind, string plural) => new(Group, "v1beta1", kind, plural, Namespaced: true);

    private static string ServicesReady(DynamicObject seen)
    {
        var services = (seen.At("status", "services") as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var declared = (seen.At("spec", "serviceSpec", "services") ?? seen.At("spec", "services")) as JsonArray;
        return $"{services.Count(service => (string?)service["state"] == "Deployed")}/{Math.Max(declared?.Count ?? 0, services.Count)}";
    }

    private static string Text(JsonNode? node) => node switch { null => "", JsonValue value => value.ToString(), _ => node.ToJsonString() };

    private static DateTimeOffset? Time(JsonNode? node) => DateTimeOffset.TryParse((string?)node, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;

    /// <summary>One line: what does not fit a table is in `describe`.</summary>
    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 100 ? line : line[..99] + "…";
    }
}
