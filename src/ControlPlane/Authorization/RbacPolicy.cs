using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Authorization;

/// <summary>The roles and bindings of one cluster at one moment, decoded once.</summary>
internal sealed class RbacPolicy
{
    private static readonly KindInfo ClusterRoles = Find("clusterroles");
    private static readonly KindInfo ClusterBindings = Find("clusterrolebindings");
    private static readonly KindInfo Roles = Find("roles");
    private static readonly KindInfo Bindings = Find("rolebindings");
    private static readonly ConditionalWeakTable<Cluster, RbacPolicy> Latest = [];

    // Decoded from immutable objects, which clusters share: so are the decoded forms.
    private static readonly ConditionalWeakTable<StoredObject, IReadOnlyList<RbacRule>> RulesOf = [];
    private static readonly ConditionalWeakTable<StoredObject, Binding> BindingsOf = [];

    private readonly TableState clusterRoles;
    private readonly TableState clusterBindings;
    private readonly TableState roles;
    private readonly TableState bindings;

    private RbacPolicy(Cluster cluster)
    {
        clusterRoles = cluster.Table(ClusterRoles).State;
        clusterBindings = cluster.Table(ClusterBindings).State;
        roles = cluster.Table(Roles).State;
        bindings = cluster.Table(Bindings).State;
    }

    public static RbacPolicy Of(Cluster cluster)
    {
        if (Latest.TryGetValue(cluster, out var policy) && policy.IsCurrent(cluster)) return policy;
        policy = new RbacPolicy(cluster);
        Latest.AddOrUpdate(cluster, policy);
        return policy;
    }

    /// <summary>Every rule that the user has in the namespace ("" for the cluster as a whole).</summary>
    public IEnumerable<RbacRule> RulesFor(UserIdentity user, string @namespace)
    {
        foreach (var stored in clusterBindings.Range(null))
        {
            if (BindingOf(stored) is var binding && binding.Names(user, ""))
            {
                foreach (var rule in RulesOfRole(binding, "")) yield return rule;
            }
        }
        if (@namespace.Length == 0) yield break;
        foreach (var stored in bindings.Range(@namespace))
        {
            if (BindingOf(stored) is var binding && binding.Names(user, @namespace))
            {
                foreach (var rule in RulesOfRole(binding, @namespace)) yield return rule;
            }
        }
    }

    public IReadOnlyList<RbacRule> RulesOfRole(bool isClusterRole, string name, string @namespace)
    {
        var stored = isClusterRole ? clusterRoles.Find(ObjectKey.Cluster(name)) : roles.Find(new ObjectKey(@namespace, name));
        return stored is null ? [] : RulesOf.GetValue(stored, static s => RbacRule.Read(s.Parse()));
    }

    private static Binding BindingOf(StoredObject stored) => BindingsOf.GetValue(stored, static s => Binding.Read(s.Parse()));

    private static KindInfo Find(string plural) => BuiltInKinds.Find("rbac.authorization.k8s.io", plural);

    private IReadOnlyList<RbacRule> RulesOfRole(Binding binding, string @namespace) => RulesOfRole(binding.IsClusterRole, binding.Role, @namespace);

    private bool IsCurrent(Cluster cluster) =>
        ReferenceEquals(clusterRoles, cluster.Table(ClusterRoles).State) && ReferenceEquals(clusterBindings, cluster.Table(ClusterBindings).State)
        && ReferenceEquals(roles, cluster.Table(Roles).State) && ReferenceEquals(bindings, cluster.Table(Bindings).State);

    private sealed record Binding(bool IsClusterRole, string Role, (string Kind, string Name, string Namespace)[] Subjects)
    {
        public static Binding Read(JsonObject body) => new(
            body["roleRef"]?["kind"].Text() == "ClusterRole",
            body["roleRef"]?["name"].Text() ?? "",
            [.. (body["subjects"] as JsonArray ?? []).Select(s => (s?["kind"].Text() ?? "", s?["name"].Text() ?? "", s?["namespace"].Text() ?? ""))]);

        public bool Names(UserIdentity user, string @namespace)
        {
            foreach (var (kind, name, space) in Subjects)
            {
                var found = kind switch
                {
                    "User" => name == user.Name,
                    "Group" => user.Groups.Contains(name),
                    "ServiceAccount" => user.Name == $"system:serviceaccount:{(space.Length > 0 ? space : @namespace)}:{name}",
                    _ => false,
                };
                if (found) return true;
            }
            return false;
        }
    }
}
