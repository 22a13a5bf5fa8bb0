using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authorization;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>What every cluster has from the start: namespaces, their accounts, RBAC, the kubernetes Service.</summary>
internal static class BaseObjects
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>Creates what is missing; on the management cluster at every start.</summary>
    public static void Ensure(Cluster cluster)
    {
        foreach (var name in Namespaces)
        {
            Ensure(cluster, BuiltInKinds.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
            foreach (var (kind, body) in OfNamespace(cluster, name)) Ensure(cluster, kind, body);
        }
        foreach (var role in DefaultRoles.Roles()) Ensure(cluster, BuiltInKinds.Find("rbac.authorization.k8s.io", "clusterroles"), role);
        foreach (var binding in DefaultRoles.Bindings()) Ensure(cluster, BuiltInKinds.Find("rbac.authorization.k8s.io", "clusterrolebindings"), binding);
        // Once for each level: admin is made of edit, which is made of view.
        for (var i = 0; i < 3; i++) AggregatedRoles.CheckAsync(cluster, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Ensure(cluster, BuiltInKinds.Find("", "services"), KubernetesService());
    }

    /// <summary>The uid of kube-system is a cluster's identity, so it must not be the template's.</summary>
    public static void MakeUnique(Cluster cluster)
    {
        var key = ObjectKey.Cluster("kube-system");
        var table = cluster.Table(BuiltInKinds.Namespaces);
        var body = table.State.Find(key)!.Parse();
        body.Metadata()["uid"] = Guid.NewGuid().ToString();
        table.Load(table.State.With(ObjectBytes.Write(key, body, cluster.Revision)));
    }

    /// <summary>What every namespace gets.</summary>
    public static IEnumerable<(KindInfo Kind, JsonObject Body)> OfNamespace(Cluster cluster, string name)
    {
        yield return (BuiltInKinds.Find("", "serviceaccounts"), new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = name } });
        yield return (BuiltInKinds.Find("", "configmaps"), new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kube-root-ca.crt",
                ["namespace"] = name,
                ["annotations"] = new JsonObject
                {
                    ["kubernetes.io/description"] =
                        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service " +
                        "IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
                },
            },
            ["data"] = new JsonObject { ["ca.crt"] = cluster.Settings.CertificateAuthority },
        });
    }

    private static JsonObject KubernetesService() => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = "kubernetes",
            ["namespace"] = "default",
            ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
        },
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = "10.96.0.1",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = 6443 }),
        },
    };

    private static void Ensure(Cluster cluster, KindInfo kind, JsonObject body)
    {
        if (cluster.Find(kind, body.Key()) is not null) return;
        // In-memory and durable stores both finish: nothing here waits for anything but the disk.
        cluster.Writer.CreateAsync(kind, body.Namespace(), body, new WriteContext(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
