using Fleet.Observability.Objects;

namespace Fleet.Observability.Hours;

/// <summary>What a container took within one hour.</summary>
internal sealed class ContainerHour(PodRow pod, string container)
{
    /// <summary>As it was seen last.</summary>
    public PodRow Pod { get; set; } = pod;

    public string Container { get; } = container;

    /// <summary>Since when it ran in this hour.</summary>
    public DateTimeOffset Start { get; set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset End { get; set; } = DateTimeOffset.MinValue;

    /// <summary>How long it ran in this hour, restarts left out.</summary>
    public double Seconds { get; set; }

    /// <summary>For how much of <see cref="Seconds"/> its usage was measured.</summary>
    public double MeasuredSeconds { get; set; }

    /// <summary>Its part of what came over its pod's network, as far as somebody counted it.</summary>
    public double BytesReceived { get; set; }

    public double BytesSent { get; set; }

    public ResourceTime Cpu;
    public ResourceTime Ram;
    public ResourceTime Gpu;

    public void Add(ContainerRow row, DateTimeOffset from, DateTimeOffset to, Usage? usage)
    {
        var seconds = (to - from).TotalSeconds;
        Start = from < Start ? from : Start;
        End = to > End ? to : End;
        Seconds += seconds;
        MeasuredSeconds += usage is null ? 0 : seconds;
        Cpu.Add(seconds, row.CpuRequest, usage?.Cores);
        Ram.Add(seconds, row.RamRequest, usage?.RamBytes);
        Gpu.Add(seconds, row.GpuRequest, null);
    }
}
