using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Metrics;
using Fleet.Contracts;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Sources;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Watching;

// What the watches keep of each object: what a change is told by, and what other objects are found by. Rows that are equal report no change.

internal sealed record ClusterRow(
    ObjectKey Key, string? Uid, long? Generation, bool IsBeingDeleted, bool HasFinalizer, string Labels, string Template, string? Credential,
    string Annotations, string? Deletion, ClusterHealth Health)
{
    /// <summary>Two rows that ask for the same work; what Fleet itself has written into status asks for nothing.</summary>
    public static bool AskTheSame(ClusterRow before, ClusterRow after) => before == after with { Health = before.Health, Region = before.Region };

    /// <summary>Value of <see cref="Deletion"/> for clusters whose deletion the breaker holds and nobody has acknowledged.</summary>
    public const string HeldByBreaker = "HeldByBreaker";

    public static ClusterRow Of(ClusterDeployment cluster) => new(
        cluster.Metadata.Key,
        cluster.Metadata.Uid,
        cluster.Metadata.Generation,
        cluster.Metadata.IsBeingDeleted,
        cluster.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDeployment) == true,
        // Labels become values of the cluster chart.
        string.Join(',', (cluster.Metadata.Labels ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")),
        cluster.Spec.Template,
        cluster.Spec.Credential,
        // Those of our own steer Fleet.
        string.Join(',', (cluster.Metadata.Annotations ?? []).Where(pair => pair.Key.StartsWith(FleetApi.Group + "/", StringComparison.Ordinal))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")),
        DeletionOf(cluster),
        ClusterHealth.Of(cluster))
    {
        References = ClusterReferences.Of(cluster),
        Region = cluster.Status?.Region,
    };

    /// <summary>Where its CAPI objects are, as its status says.</summary>
    public required string? Region { get; init; }

    public required ClusterReferences References { get; init; }

    public bool IsDeletionAcknowledged => Annotations.Contains(FleetAnnotations.DeletionAcknowledged + "=", StringComparison.Ordinal);

    public static bool IsAcknowledged(ClusterDeployment cluster) =>
        cluster.Metadata.Annotations?.ContainsKey(FleetAnnotations.DeletionAcknowledged) == true;

    private static string? DeletionOf(ClusterDeployment cluster) =>
        cluster.Metadata.IsBeingDeleted && !IsAcknowledged(cluster)
            && cluster.Status?.Conditions?.Exists(condition => condition.Reason == ClusterDeploymentConditions.DeletionBreakerOpen) == true
                ? HeldByBreaker
                : null;
}

/// <param name="Sources">Names of what the chart may come from, with a space between; see <see cref="AnySource"/>.</param>
internal sealed record TemplateRow(ObjectKey Key, string? Uid, long? Generation, bool IsBeingDeleted, string Sources, bool? Valid, string? Error, string? ChartVersion)
{
    /// <summary>Stands for every source, since the name is in another object.</summary>
    public const string AnySource = "*";

    public static TemplateRow Of(ClusterTemplate template) => new(
        template.Metadata.Key,
        template.Metadata.Uid,
        template.Metadata.Generation,
        template.Metadata.IsBeingDeleted,
        string.Join(' ', Templates.TemplateChecks.SourcesOf(template.Spec.Helm)),
        template.Status?.ObservedGeneration is null ? null : template.Status.Valid,
        template.Status?.ValidationError,
        template.Status?.ChartVersion)
    {
        Providers = string.Join(',', template.Status?.Providers ?? []),
    };

    /// <summary>Separated by commas, so that rows compare by value.</summary>
    public required string Providers { get; init; }
}

/// <summary>A chain of ClusterTemplates. Its spec never changes; its validity does.</summary>
internal sealed record ChainRow(ObjectKey Key, string? Uid, bool? Valid, TemplateChainSpec Spec)
{
    public IEnumerable<string> Templates => (Spec.SupportedTemplates ?? []).Select(template => template.Name).Distinct(StringComparer.Ordinal);

    // The uid stands for the spec.
    public bool Equals(ChainRow? other) => other is not null && (Key, Uid, Valid) == (other.Key, other.Uid, other.Valid);

    public override int GetHashCode() => HashCode.Combine(Key, Uid, Valid);

    public static ChainRow Of(ClusterTemplateChain chain) => new(chain.Metadata.Key, chain.Metadata.Uid, chain.Status?.Valid, chain.Spec);
}

internal sealed record CredentialRow(
    ObjectKey Key, string? Uid, long? Generation, bool IsBeingDeleted, bool Ready, string? Message, string? IdentityKind, string? IdentityName, string? Requested)
{
    public static CredentialRow Of(Credential credential) => new(
        credential.Metadata.Key,
        credential.Metadata.Uid,
        credential.Metadata.Generation,
        credential.Metadata.IsBeingDeleted,
        credential.Status?.Ready == true,
        credential.Status?.Conditions?.Find(condition => condition.Type == CredentialConditions.CredentialReady)?.Message,
        credential.Spec.IdentityRef.Kind,
        credential.Spec.IdentityRef.Name,
        credential.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.ReconcileRequested))
    {
        Region = credential.Spec.Region,
    };

    public required string? Region { get; init; }

    /// <summary>
    /// Whether the credential may depend on this Secret. Which Secret an identity object names is not known here, and a distributed credential has a copy
    /// of one of the same name elsewhere.
    /// </summary>
    public bool MayUse(ObjectKey secret) => IdentityKind != "Secret" || secret.Name == IdentityName;
}

/// <param name="KubeconfigSecret">Name of the Secret in the system namespace; null for a region that is a ClusterDeployment.</param>
/// <param name="Annotations">Those of our own, which steer Fleet.</param>
/// <param name="State">Ready and the providers that are there, as whoever keeps the connection has found them.</param>
internal sealed record RegionRow(
    string Name, string? Uid, long? Generation, bool IsBeingDeleted, bool HasFinalizer, string Annotations, string? KubeconfigSecret, ObjectKey? Cluster, string? ClusterUid, string State)
{
    public static RegionRow Of(Region region) => new(
        region.Metadata.Name ?? "",
        region.Metadata.Uid,
        region.Metadata.Generation,
        region.Metadata.IsBeingDeleted,
        region.Metadata.Finalizers?.Contains(FleetFinalizers.Region) == true,
        string.Join(',', (region.Metadata.Annotations ?? []).Where(pair => pair.Key.StartsWith(FleetApi.Group + "/", StringComparison.Ordinal))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")),
        region.Spec.KubeConfig?.Name,
        region.Spec.ClusterDeployment is { } cluster ? new(cluster.Namespace, cluster.Name) : null,
        region.Status?.ClusterUid,
        string.Join(' ',
        [
            .. (region.Status?.Conditions ?? []).Where(condition => condition.Type == SharedConditions.Ready).Select(ready => $"{ready.Status} {ready.Reason}"),
            region.Status?.ObservedGeneration?.ToString(CultureInfo.InvariantCulture) ?? "",
            .. region.Status?.AvailableProviders ?? [],
        ]));
}

internal sealed record RepositoryRow(ObjectKey Key, string? Uid, long? Generation)
{
    public static RepositoryRow Of(CustomResource<HelmRepositorySpec, HelmRepositoryStatus> repository) =>
        new(repository.Metadata.Key, repository.Metadata.Uid, repository.Metadata.Generation);
}

internal sealed record ServiceSetRow(ObjectKey Key, string Cluster)
{
    public static ServiceSetRow Of(ServiceSet set) => new(set.Metadata.Key, set.Spec.Cluster);
}

/// <summary>A Secret without its values.</summary>
internal sealed record SecretRow(ObjectKey Key, bool IsOfCapi)
{
    public const string KubeconfigSuffix = "-kubeconfig";

    public static SecretRow Of(DynamicObject secret) => new(secret.Key, (string?)secret.Root["type"] == "cluster.x-k8s.io/secret");

    /// <summary>The cluster that the Secret would be the kubeconfig of.</summary>
    public ObjectKey? Cluster =>
        Key.Name.EndsWith(KubeconfigSuffix, StringComparison.Ordinal) ? new(Key.Namespace, Key.Name[..^KubeconfigSuffix.Length]) : null;
}

/// <summary>A kind that the API server has, from its CustomResourceDefinition.</summary>
internal sealed record DefinitionRow(string Group, string Kind, ResourceKind? Served)
{
    public static DefinitionRow Of(DynamicObject definition)
    {
        var spec = definition.Root["spec"];
        var group = (string?)spec?["group"] ?? "";
        var kind = (string?)spec?["names"]?["kind"] ?? "";
        return new(group, kind, IsEstablished(definition) ? ServedKind(spec!, group, kind) : null);
    }

    private static ResourceKind? ServedKind(JsonNode spec, string group, string kind)
    {
        var served = (spec["versions"] as JsonArray ?? []).FirstOrDefault(version => (bool?)version?["storage"] == true && (bool?)version["served"] == true)
            ?? (spec["versions"] as JsonArray ?? []).FirstOrDefault(version => (bool?)version?["served"] == true);
        return served is null
            ? null
            : new(group, (string)served["name"]!, kind, (string?)spec["names"]?["plural"] ?? "", (string?)spec["scope"] == "Namespaced");
    }

    private static bool IsEstablished(DynamicObject definition) =>
        (definition.At("status", "conditions") as JsonArray ?? [])
            .Any(condition => (string?)condition?["type"] == "Established" && (string?)condition["status"] == nameof(ConditionStatus.True));
}
