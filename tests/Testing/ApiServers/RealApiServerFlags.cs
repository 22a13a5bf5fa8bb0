namespace Fleet.Testing.ApiServers;

/// <summary>The command lines of a real control plane, from 1.20 to the newest: flags that a version does not know are left out.</summary>
internal sealed class RealApiServerFlags(TemporaryFolder folder, int etcdPort, int etcdPeerPort, int apiServerPort)
{
    // What exists in every version: enough for namespaces, service accounts, garbage collection and the workloads' own controllers.
    private const string ControllersOfEveryVersion =
        "namespace,serviceaccount,serviceaccount-token,garbagecollector,deployment,replicaset,statefulset,daemonset,job,root-ca-cert-publisher,clusterrole-aggregation";

    public int EtcdPort => etcdPort;

    public int ApiServerPort => apiServerPort;

    /// <summary>Tests have nothing to lose and go without fsync; a comparison of speed must not.</summary>
    public IReadOnlyList<string> Etcd(string help, bool durable)
    {
        var client = $"http://127.0.0.1:{etcdPort}";
        var peer = $"http://127.0.0.1:{etcdPeerPort}";
        List<string> flags =
        [
            $"--data-dir={folder.File("etcd")}",
            $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=default={peer}",
        ];
        if (!durable && help.Contains("--unsafe-no-fsync", StringComparison.Ordinal))
        {
            flags.Add("--unsafe-no-fsync=true");
        }

        return flags;
    }

    public IReadOnlyList<string> ApiServer() =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcdPort}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        $"--secure-port={apiServerPort}",
        $"--cert-dir={folder.File("apiserver")}",
        $"--tls-cert-file={folder.File("server.crt")}",
        $"--tls-private-key-file={folder.File("server.key")}",
        $"--client-ca-file={folder.File("ca.crt")}",
        $"--token-auth-file={folder.File("tokens.csv")}",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        $"--service-account-key-file={folder.File("sa.pub")}",
        $"--service-account-signing-key-file={folder.File("sa.key")}",
        "--service-cluster-ip-range=10.96.0.0/16",
        // Loopback is not a legal endpoint address, and nobody in a test asks for the endpoints of the API server itself.
        "--endpoint-reconciler-type=none",
        "--allow-privileged=true",
    ];

    public IReadOnlyList<string> ControllerManager(string help, bool isOfTheServersVersion)
    {
        List<string> flags =
        [
            $"--kubeconfig={folder.File("controllers.kubeconfig")}",
            $"--root-ca-file={folder.File("ca.crt")}",
            $"--service-account-private-key-file={folder.File("sa.key")}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
        ];
        if (help.Contains("--port int", StringComparison.Ordinal))
        {
            // Until 1.22 an unprotected port was open unless told otherwise.
            flags.Add("--port=0");
        }

        if (!isOfTheServersVersion)
        {
            flags.Add($"--controllers={ControllersOfEveryVersion}");
        }

        return flags;
    }
}
