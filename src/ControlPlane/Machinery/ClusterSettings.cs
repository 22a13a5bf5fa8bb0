using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.Simulation.Persistence;

namespace Fleet.ControlPlane.Machinery;

/// <summary>What all clusters of a process share.</summary>
internal sealed record ClusterSettings(TimeProvider Clock, IReadOnlyList<IAdmission> Admission)
{
    /// <summary>PEM of the CA, for the ConfigMap <c>kube-root-ca.crt</c> of every namespace.</summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>Keeps simulated clusters on disk; null: they live in memory only.</summary>
    public ClusterSnapshots? Snapshots { get; init; }
}
