namespace Fleet.ClusterManager.Connections;

/// <summary>Asks the API server of a managed cluster for its version. Bounded in time; failures are results.</summary>
internal interface IClusterProbe
{
    Task<ProbeResult> ProbeAsync(string kubeconfig, CancellationToken ct);
}
