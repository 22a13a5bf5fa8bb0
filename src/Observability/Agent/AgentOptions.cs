using Fleet.Control.Durations;
using Fleet.Kubernetes.Core;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Kubelets;

namespace Fleet.Observability.Agent;

/// <summary>Where an agent sends, what waits for it, and how it looks.</summary>
internal sealed record AgentOptions
{
    /// <summary>Fleet, as its clusters reach it.</summary>
    public required TargetOptions Fleet { get; init; }

    /// <summary>What Fleet does not have yet waits here.</summary>
    public required string QueueFolder { get; init; }

    /// <summary>Of everything that waits. Beyond it the oldest is given up.</summary>
    public long QueueBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>As often as Fleet looks at other clusters.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What kubelets are asked for, at their own port.</summary>
    public KubeletSource Kubelets { get; init; }

    /// <summary>A file with the certificates that those of kubelets come from; null: <see cref="AnyKubelet"/> must say that any will do.</summary>
    public string? KubeletCaFile { get; init; }

    public bool AnyKubelet { get; init; }

    /// <exception cref="FormatException">Something is missing or cannot be used; the message says what it should look like.</exception>
    public static AgentOptions For(Func<string, string?> setting)
    {
        var token = setting("token-file") ?? throw new FormatException("--token-file names the file with the cluster's telemetry token (fleet telemetry tokens create)");
        var options = new AgentOptions
        {
            Fleet = TargetOptions.For("--fleet", setting("fleet") ?? throw new FormatException("--fleet names the address of Fleet: for example https://fleet.example"), token, setting("ca-file")),
            QueueFolder = setting("queue") ?? throw new FormatException("--queue names the folder in which waits what Fleet does not have yet"),
            KubeletCaFile = setting("kubelet-ca"),
            AnyKubelet = setting("kubelet-insecure") == "true",
            Kubelets = setting("kubelets") switch
            {
                null or "none" => KubeletSource.None,
                "summary" => KubeletSource.Summary,
                "metrics" => KubeletSource.Metrics,
                var other => throw new FormatException($"--kubelets is \"{other}\": none, summary or metrics is understood"),
            },
        };
        // A token that travels in the clear is everybody's.
        if (options.Fleet.Address is { Scheme: "http", IsLoopback: false })
            throw new FormatException("--fleet is not https: the cluster's token is not sent there");
        if (options.Kubelets != KubeletSource.None && options.KubeletCaFile is null && !options.AnyKubelet)
            throw new FormatException("--kubelet-ca names the certificates that those of kubelets come from; where kubelets sign their own, --kubelet-insecure true says that any will do");
        if (setting("queue-size") is { } size)
            options = options with
            {
                QueueBytes = Quantity.Parse(size) is { } bytes && bytes is >= 1024 * 1024 and <= 1024L * 1024 * 1024 * 1024 ? (long)bytes : throw new FormatException($"--queue-size is \"{size}\", which is no size from 1Mi to 1Ti: for example 256Mi"),
            };
        if (setting("every") is { } every)
            options = options with
            {
                Every = GoDuration.TryParse(every, out var pace) && pace >= TimeSpan.FromSeconds(1) && pace <= TimeSpan.FromHours(1) ? pace : throw new FormatException($"--every is \"{every}\", which is no duration from 1s to 1h: for example 1m"),
            };
        return options;
    }

    public TargetOptions At(string path) => Fleet with { Address = new Uri(Fleet.Address.AbsoluteUri.TrimEnd('/') + path) };

    /// <summary>Looks are the most and the most important of it.</summary>
    public QueueOptions Queue(string what, double share)
    {
        var most = (long)(QueueBytes * share);
        return new() { Folder = Path.Combine(QueueFolder, what), MostBytes = most, SegmentBytes = Math.Clamp(most / 16, 64 * 1024, 8 * 1024 * 1024) };
    }
}
