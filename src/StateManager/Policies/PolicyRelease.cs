using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Policies;

/// <summary>The release that a set's manifests become. Its name is in the set's status like a service's. Pure.</summary>
internal static class PolicyRelease
{
    /// <summary>Stands where a service names its ServiceTemplate.</summary>
    public const string Template = "policyRefs";

    private const string Suffix = "-policies";
    private const int LongestRelease = 53;

    /// <summary>What is in there may be credentials of the infrastructure, which only the cluster's administrators may read.</summary>
    private const string Namespace = "kube-system";

    public static PlacedService Of(ObjectKey set) => new() { Name = NameOf(set.Name), Namespace = Namespace, Template = Template };

    public static bool Is(ServiceState state) => state.Template == Template && state.Namespace == Namespace && state.Name.EndsWith(Suffix, StringComparison.Ordinal);

    private static string NameOf(string set) => set.Length + Suffix.Length <= LongestRelease
        ? set + Suffix
        : $"{set[..(LongestRelease - Suffix.Length - 9)].TrimEnd('-', '.')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(set))[..4])}{Suffix}";
}
