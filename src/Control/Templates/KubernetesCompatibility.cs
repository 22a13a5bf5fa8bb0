using Fleet.Helm.Versions;

namespace Fleet.Control.Templates;

/// <summary>Whether services run on the version of Kubernetes that a cluster will have. Pure.</summary>
public static class KubernetesCompatibility
{
    private static readonly string[] Early = ["alpha", "beta", "rc"];

    /// <summary>
    /// Null when every constraint holds. Where either side says nothing, nothing is compared. The texts are upstream's.
    /// </summary>
    /// <param name="clusterTemplate">Namespace and name, for messages.</param>
    /// <param name="kubernetesVersion">The cluster's version: what its API server says, until then the ClusterTemplate's (status.k8sVersion).</param>
    /// <param name="services">Namespace and name of each ServiceTemplate, and its constraint (status.k8sConstraint).</param>
    public static string? Problem(string clusterTemplate, string? kubernetesVersion, IEnumerable<(string ServiceTemplate, string? Constraint)> services)
    {
        if (kubernetesVersion is not { Length: > 0 })
            return null;
        if (SemanticVersion.TryParse(kubernetesVersion) is not { } version)
            return $"failed to validate k8s compatibility: k8s version {kubernetesVersion} of the ClusterTemplate {clusterTemplate} is not a semantic version";
        var problems = services
            .Where(service => service.Constraint is { Length: > 0 })
            .Select(service => ProblemOf(clusterTemplate, version, service.ServiceTemplate, service.Constraint!))
            .OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return problems.Count == 0 ? null : $"failed to validate k8s compatibility: {string.Join("; ", problems)}";
    }

    /// <summary>Why a constraint can not be used at all; null when it can.</summary>
    public static string? ConstraintProblem(string? constraint) =>
        constraint is { Length: > 0 } && VersionRange.TryParse(constraint) is null
            ? $"k8s constraint \"{constraint}\" is not a range of versions, for instance \">= 1.31, < 1.35\""
            : null;

    // Clouds number their builds behind a dash (v1.31.4-gke.1183000), which semver takes for something before the release.
    private static SemanticVersion Released(SemanticVersion version) =>
        version.IsPreRelease && !Early.Any(word => version.PreRelease.StartsWith(word, StringComparison.Ordinal))
            ? SemanticVersion.Of(version.Major, version.Minor, version.Patch)
            : version;

    private static string? ProblemOf(string clusterTemplate, SemanticVersion version, string serviceTemplate, string constraint)
    {
        if (VersionRange.TryParse(constraint) is not { } range)
            return $"k8s constraint {constraint} from the ServiceTemplate {serviceTemplate} is not a range of versions";
        return range.Contains(Released(version))
            ? null
            : $"k8s version {version.Original} of the ClusterTemplate {clusterTemplate} does not satisfy k8s constraint {constraint} from the ServiceTemplate {serviceTemplate}";
    }
}
