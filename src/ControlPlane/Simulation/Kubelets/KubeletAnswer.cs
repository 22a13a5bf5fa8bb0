namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>What a kubelet answered to a request that came through the API server's node proxy.</summary>
public sealed record KubeletAnswer(int Code, string MediaType, ReadOnlyMemory<byte> Body);
