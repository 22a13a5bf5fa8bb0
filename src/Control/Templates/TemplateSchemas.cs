using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

/// <summary>Publishes the schema of a chart's values in a ConfigMap that the template owns, for editors and forms.</summary>
public sealed class TemplateSchemas(IKubernetesClient client)
{
    public const string ConfigMapKey = "schema";

    private const string FieldManager = "fleet-templates";

    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    /// <summary><c>schema-st-NAME</c> for a ServiceTemplate, <c>schema-ct-NAME</c> for a ClusterTemplate, <c>schema-pt-NAME</c> for a ProviderTemplate.</summary>
    public static string NameFor(string templateKind, string templateName) => templateKind switch
    {
        "ServiceTemplate" => $"schema-st-{templateName}",
        "ClusterTemplate" => $"schema-ct-{templateName}",
        "ProviderTemplate" => $"schema-pt-{templateName}",
        _ => throw new ArgumentOutOfRangeException(nameof(templateKind), templateKind, "not a kind of template"),
    };

    /// <summary>Removes what was published for a chart that has no schema any more. A ConfigMap of that name that is not the template's stays.</summary>
    public async Task WithdrawAsync(ResourceKind templateKind, ObjectMeta template, GrainOwnership ownership, CancellationToken ct)
    {
        var key = KeyFor(templateKind, template);
        if (await client.Dynamic(ConfigMaps).GetAsync(key, ct) is not { } existing || existing.Metadata.OwnerReferences?.Any(owner => owner.Uid == template.Uid) != true)
            return;
        await ownership.ProveAsync(ct);
        await client.Dynamic(ConfigMaps).DeleteAsync(key, new() { Uid = existing.Metadata.Uid, ResourceVersion = existing.Metadata.ResourceVersion }, ct);
    }

    /// <summary>Templates of the whole cluster publish in the system namespace.</summary>
    private static ObjectKey KeyFor(ResourceKind kind, ObjectMeta template) =>
        new(template.Namespace is { Length: > 0 } own ? own : FleetApi.SystemNamespace, NameFor(kind.Kind, template.Name ?? ""));

    public async Task PublishAsync(ResourceKind templateKind, ObjectMeta template, string schema, GrainOwnership ownership, CancellationToken ct)
    {
        var key = KeyFor(templateKind, template);
        var existing = await client.Dynamic(ConfigMaps).GetAsync(key, ct);
        if ((string?)existing?.At("data", ConfigMapKey) == schema)
            return;
        await client.Dynamic(ConfigMaps).ApplyFencedAsync(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["namespace"] = key.Namespace,
                    ["name"] = key.Name,
                    ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" },
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = templateKind.ApiVersion,
                        ["kind"] = templateKind.Kind,
                        ["name"] = template.Name,
                        ["uid"] = template.Uid,
                    }),
                },
                ["data"] = new JsonObject { [ConfigMapKey] = schema },
            },
            new ApplyOptions(FieldManager) { Force = true },
            ownership, ct);
    }
}
