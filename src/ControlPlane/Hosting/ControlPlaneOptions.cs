using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Simulation;

namespace Fleet.ControlPlane.Hosting;

/// <summary>How a control plane is started. Everything has a default that suits a test: in memory, a free port, its own CA.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>Holds the CA, the kubeconfig and the management cluster's log. Null: nothing is kept, files go to a temporary folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Key with which Secrets are kept, made when it is not there; null: <c>secrets.key</c> in the data folder. Elsewhere, a copy of the folder is worth nothing without it.</summary>
    public string? SecretsKeyFile { get; init; }

    /// <summary>The management cluster is in memory even with a <see cref="DataFolder"/> (the CA is still kept there).</summary>
    public bool InMemory { get; init; }

    /// <summary>On 127.0.0.1 and ::1 only; 0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>Where the administrator's kubeconfig (mode 0600) is written; null: <c>admin.kubeconfig</c> in the data folder.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>Bearer tokens that are known from the start, for the management cluster.</summary>
    public IReadOnlyList<StaticToken> Tokens { get; init; } = [];

    /// <summary>Knows other bearer tokens, for the management cluster; null: nobody does.</summary>
    public ITokenAuthenticator? TokenAuthenticator { get; init; }

    /// <summary>Asked before writes, in this order.</summary>
    public IReadOnlyList<IAdmission> Admission { get; init; } = [];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Answers metrics.k8s.io; null: the group is served and empty.</summary>
    public ISimulatedMetrics? Metrics { get; init; }

    /// <summary>Answers pods/log; null: logs are empty.</summary>
    public IPodLogs? PodLogs { get; init; }

    /// <summary>Where logs go; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Watches that may be open at once, over all clusters; more are answered 429.</summary>
    public int MaxWatches { get; init; } = 50_000;
}

/// <summary>A bearer token and who it stands for. Never logged.</summary>
public sealed record StaticToken(string Token, string User, IReadOnlyList<string> Groups)
{
    public override string ToString() => $"token of {User}";
}
