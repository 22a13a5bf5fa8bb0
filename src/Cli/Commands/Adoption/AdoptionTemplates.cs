using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Control.Kinds;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Adoption;

/// <summary>Which ClusterTemplate is for clusters that exist already: it asks for no infrastructure but the internal one.</summary>
internal static class AdoptionTemplates
{
    private const string Provider = "infrastructure-internal";

    /// <exception cref="CommandException">No valid template is of that kind.</exception>
    public static async Task<string> NewestAsync(IKubernetesClient client, string @namespace, CancellationToken ct)
    {
        var found = new List<DynamicObject>();
        foreach (var place in SystemNamespaces.Default.SearchFrom(@namespace))
            found.AddRange((await client.Dynamic(FleetKinds.ClusterTemplates.Kind).ListAsync(new() { Namespace = place }, ct)).Items);
        return found.Where(IsForAdoption).MaxBy(Version)?.Key.Name
            ?? throw new CommandException($"No valid ClusterTemplate in {@namespace} or the system namespace is for clusters that exist already (provider {Provider}). Name one with --template.");
    }

    private static bool IsForAdoption(DynamicObject template) =>
        template.At("status", "valid")?.GetValue<bool>() == true
        && (template.At("status", "providers") as JsonArray ?? []).Any(provider => (string?)provider == Provider);

    private static SemanticVersion Version(DynamicObject template) =>
        SemanticVersion.TryParse((string?)template.At("status", "chartVersion") ?? (string?)template.At("spec", "helm", "chartSpec", "version") ?? "") ?? SemanticVersion.TryParse("0.0.0")!;
}
