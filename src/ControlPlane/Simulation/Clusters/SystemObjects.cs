using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>What every cluster comes with besides what its API server makes: DNS, the proxy, a default StorageClass. Few objects: there are thousands of clusters.</summary>
internal static class SystemObjects
{
    public static async ValueTask EnsureAsync(IClusterApi api, string version, CancellationToken ct)
    {
        await EnsureAsync(api, CoreKinds.StorageClass, StorageClass(), ct);
        await EnsureAsync(api, CoreKinds.Service, DnsService(), ct);
        await EnsureAsync(api, CoreKinds.Deployment, Dns(), ct);
        await EnsureAsync(api, CoreKinds.DaemonSet, Proxy(version), ct);
    }

    private static async ValueTask EnsureAsync(IClusterApi api, ResourceKind kind, JsonObject wanted, CancellationToken ct)
    {
        if (api.Get(kind, wanted.KeyOf()) is not null)
            return;
        try
        {
            await api.CreateAsync(kind, wanted, ct);
        }
        catch (KubeApiException present) when (present.IsAlreadyExists)
        {
            // Somebody else was faster, which is as good.
            return;
        }
    }

    private static JsonObject StorageClass() => new()
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "StorageClass",
        ["metadata"] = new JsonObject
        {
            ["name"] = "standard",
            ["annotations"] = new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" },
        },
        ["provisioner"] = "disk.simulation.fleet.dev",
        ["reclaimPolicy"] = "Delete",
        ["volumeBindingMode"] = "Immediate",
        ["allowVolumeExpansion"] = true,
    };

    private static JsonObject DnsService() => Parse("""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"kube-dns","namespace":"kube-system","labels":{"k8s-app":"kube-dns","kubernetes.io/name":"CoreDNS"}},
         "spec":{"clusterIP":"10.96.0.10","selector":{"k8s-app":"kube-dns"},
          "ports":[{"name":"dns","port":53,"protocol":"UDP","targetPort":53},{"name":"dns-tcp","port":53,"protocol":"TCP","targetPort":53}]}}
        """);

    private static JsonObject Dns() => Parse("""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"coredns","namespace":"kube-system","labels":{"k8s-app":"kube-dns"}},
         "spec":{"replicas":2,"selector":{"matchLabels":{"k8s-app":"kube-dns"}},"template":{"metadata":{"labels":{"k8s-app":"kube-dns"}},
          "spec":{"priorityClassName":"system-cluster-critical","tolerations":[{"key":"CriticalAddonsOnly","operator":"Exists"},
           {"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}],
           "containers":[{"name":"coredns","image":"registry.k8s.io/coredns/coredns:v1.12.1","ports":[{"containerPort":53,"name":"dns","protocol":"UDP"}],
            "resources":{"requests":{"cpu":"100m","memory":"70Mi"},"limits":{"memory":"170Mi"}}}]}}}}
        """);

    private static JsonObject Proxy(string version)
    {
        var set = Parse("""
            {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"kube-proxy","namespace":"kube-system","labels":{"k8s-app":"kube-proxy"}},
             "spec":{"selector":{"matchLabels":{"k8s-app":"kube-proxy"}},"template":{"metadata":{"labels":{"k8s-app":"kube-proxy"}},
              "spec":{"hostNetwork":true,"priorityClassName":"system-node-critical","tolerations":[{"operator":"Exists"}],"containers":[{"name":"kube-proxy"}]}}}}
            """);
        set.Items("spec", "template", "spec", "containers").First()["image"] = $"registry.k8s.io/kube-proxy:{version.Split('+')[0]}";
        return set;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
