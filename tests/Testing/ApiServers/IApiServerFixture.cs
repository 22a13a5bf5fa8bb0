namespace Fleet.Testing.ApiServers;

/// <summary>
/// A running Kubernetes API server that a test may use: real or embedded. Tests written against this run on both.
/// The server is shared by the tests of an assembly, so each test works in names of its own.
/// </summary>
public interface IApiServerFixture
{
    /// <summary><c>kube-apiserver</c> or <c>embedded</c>; shown in test names and in the summary of a run.</summary>
    string Name { get; }

    /// <summary>A kubeconfig file with cluster-admin rights as its current context.</summary>
    string KubeconfigPath { get; }

    Uri Server { get; }

    /// <summary>As <c>/version</c> tells it, for example <c>v1.20.2</c>.</summary>
    string Version { get; }

    /// <summary>True where no kubelet or scheduler, real or simulated, acts: pods stay pending.</summary>
    bool IsWithoutNodes { get; }
}
