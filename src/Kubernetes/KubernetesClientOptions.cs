namespace Fleet.Kubernetes;

/// <summary>Bounds of what one client asks of its server.</summary>
public sealed record KubernetesClientOptions
{
    public static KubernetesClientOptions Default { get; } = new();

    /// <summary>Requests in flight at once; watches that are open do not count.</summary>
    public int MaxConcurrentRequests { get; init; } = 64;

    /// <summary>Average rate; 0 means unlimited. The server's own priority and fairness comes on top.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Requests that may exceed the average at once.</summary>
    public int Burst { get; init; } = 50;

    /// <summary>Per call, body included; for a list per page. Watches have their own time in their options.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further tries of a read that failed for a passing reason. Writes are never repeated.</summary>
    public int ReadRetries { get; init; } = 3;

    /// <summary>A longer Retry-After than this is reported to the caller instead of being waited for.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often HTTP/2 asks the other end for a sign of life under a quiet watch; without it one over a dead path would hang until its time-out. Infinite
    /// where the caller asks something himself every now and then: the timers behind it wake the process several times a minute for each client.
    /// </summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections that nothing has used for this long are closed; looked for four times in it.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>HTTP/2 where the server offers it: all calls and watches share a few connections.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Asks for gzip. Saves bandwidth to remote clusters and costs CPU on both sides.</summary>
    public bool Compression { get; init; }

    /// <summary>Called with the text of each warning that the server sends (deprecated versions, ignored fields), on the thread of the call.</summary>
    public Action<string>? OnWarning { get; init; }

    public string UserAgent { get; init; } = "fleet";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A number in [0, 1) that spreads retries.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
