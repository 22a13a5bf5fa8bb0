using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ControlPlane.ClusterApi.Definitions;

/// <summary>The kinds of <c>kinds.yaml</c>, and their CustomResourceDefinitions.</summary>
internal static class KindDefinitions
{
    public static IReadOnlyList<KindDefinition> All { get; } = Read();

    public static IEnumerable<JsonObject> CustomResourceDefinitions => All.Select(CrdFactory.Make);

    private static List<KindDefinition> Read()
    {
        using var stream = typeof(KindDefinitions).Assembly.GetManifestResourceStream("Fleet.ControlPlane.ClusterApi.Definitions.kinds.yaml")
            ?? throw new InvalidOperationException("the resource kinds.yaml is not in the assembly");
        using var reader = new StreamReader(stream);
        var groups = KubernetesYaml.Parse(reader.ReadToEnd())!.AsArray();
        return groups.OfType<JsonObject>().SelectMany(Kinds).ToList();
    }

    private static IEnumerable<KindDefinition> Kinds(JsonObject group) => group.Items("kinds").Select(k =>
        new KindDefinition(group.Text("group")!, k.Text("kind")!, group.Text("provider")!, [.. group.Texts("versions")])
        {
            ShortNames = k.Text("short")?.Split(',') ?? [],
            ClusterScoped = k.Flag("cluster"),
            HasScale = k.Flag("scale"),
        });
}
