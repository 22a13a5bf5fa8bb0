namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>What a container used between two times: sums are exact; peaks are those of samples, a dozen or one every five minutes.</summary>
public readonly record struct UsageTotals(
    TimeSpan Lived, double CpuSeconds, double CpuCoresMost, double MemoryByteSeconds, double WorkingSetBytesMost, double BytesReceived, double BytesSent, int Restarts);
