namespace Fleet.Observability.Hours;

/// <summary>A container of a pod. The pod by uid, since its name may be used again within the hour.</summary>
internal readonly record struct ContainerKey(string PodUid, string Container);

/// <summary>What a container uses at one moment.</summary>
/// <param name="Cores">CPU, averaged by whoever measured it over some seconds.</param>
/// <param name="RamBytes">Working set.</param>
internal readonly record struct Usage(double Cores, double RamBytes);
