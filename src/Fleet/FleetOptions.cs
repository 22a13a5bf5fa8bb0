using System.CommandLine;

namespace Fleet.Host;

/// <summary>The command line of fleetd; the CLI's `up` hands its own options on.</summary>
public sealed record FleetOptions
{
    public required string Data { get; init; }
    public int? ApiPort { get; init; }
    public int? RestPort { get; init; }

    /// <summary>File with the connection string of a PostgreSQL; null starts a private one.</summary>
    public string? PostgresFile { get; init; }

    /// <summary>kubeconfig of an existing management cluster; null starts the embedded one.</summary>
    public string? Kubeconfig { get; init; }
    public string? Context { get; init; }

    /// <summary>The Cluster API core that runs beside the simulated infrastructure: ours, or a real one.</summary>
    public bool ExternalCapiCore { get; init; }

    /// <summary>Address of a remote-write receiver that keeps the samples of all clusters; null: none are taken.</summary>
    public string? MetricsStore { get; init; }

    /// <summary>Where that store is asked, when it is not beside the receiver; null: beside it, or nowhere.</summary>
    public string? MetricsQuery { get; init; }

    /// <summary>File with its bearer token.</summary>
    public string? MetricsStoreToken { get; init; }

    /// <summary>How old samples may be for it.</summary>
    public string? MetricsStoreWindow { get; init; }

    /// <summary>An OTLP/HTTP receiver of logs; null: PostgreSQL keeps them.</summary>
    public string? LogsOtlp { get; init; }

    /// <summary>An OTLP/HTTP receiver of traces; null: PostgreSQL keeps them.</summary>
    public string? TracesOtlp { get; init; }

    public string? OtlpToken { get; init; }

    public string? OtlpCa { get; init; }

    /// <summary>File in JSON that says which OpenID provider people sign in by; null: by tokens only.</summary>
    public string? Oidc { get; init; }

    /// <summary>REST API and console over TLS, with an authority of this fleet's own.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM files of a certificate to serve instead, and of its key.</summary>
    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>Who vouches for it, when the system does not know.</summary>
    public string? TlsAuthority { get; init; }

    /// <summary>Makes simulated clusters to look at, with 35 days of costs.</summary>
    public bool Demo { get; init; }

    /// <summary>Only ends a PostgreSQL that a killed fleetd left behind.</summary>
    public bool StopDatabase { get; init; }

    /// <returns>Null when there is nothing to run: the command line is wrong, which has been said, or it asked for help or the version, which was given.</returns>
    public static FleetOptions? Parse(string[] arguments, out int exitCode)
    {
        var data = new Option<string>("--data") { Required = true, Description = "Folder in which the fleet keeps everything" };
        var apiPort = new Option<int?>("--api-port") { Description = "Port of the management API" };
        var restPort = new Option<int?>("--rest-port") { Description = "Port of the REST API" };
        var postgres = new Option<string?>("--postgres") { Description = "File with the connection string of a PostgreSQL to use instead of a private one" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Of an existing management cluster, instead of the embedded one" };
        var context = new Option<string?>("--context") { Description = "Context of that kubeconfig" };
        var capiCore = new Option<string>("--capi-core") { Description = "embedded or external: who drives Cluster API's objects", DefaultValueFactory = _ => "embedded" };
        capiCore.AcceptOnlyFromAmong("embedded", "external");
        var store = new Option<string?>("--metrics-store") { Description = "Address of a remote-write receiver that keeps the samples of all clusters" };
        var query = new Option<string?>("--metrics-query") { Description = "Address before /api/v1/query of the metrics store, when it is not beside the receiver" };
        var storeToken = new Option<string?>("--metrics-store-token") { Description = "File with the bearer token of the metrics store" };
        var storeWindow = new Option<string?>("--metrics-store-window") { Description = "How old samples may be for the metrics store, for example 1h" };
        var oidc = new Option<string?>("--oidc") { Description = "File in JSON that says which OpenID provider people sign in by" };
        var logsOtlp = new Option<string?>("--logs-otlp") { Description = "Address of an OTLP/HTTP receiver that gets the logs of all clusters instead of PostgreSQL" };
        var tracesOtlp = new Option<string?>("--traces-otlp") { Description = "Address of an OTLP/HTTP receiver that gets the traces of all clusters instead of PostgreSQL" };
        var otlpToken = new Option<string?>("--otlp-token") { Description = "File with the bearer token of these receivers" };
        var otlpCa = new Option<string?>("--otlp-ca") { Description = "File with the PEM certificates that theirs come from" };
        var tls = new Option<bool>("--tls") { Description = "Serve REST API and console over TLS, with a certificate of an authority of this fleet's own" };
        var tlsCertificate = new Option<string?>("--tls-cert") { Description = "File with the certificate (PEM, with those up to its authority) to serve REST API and console with" };
        var tlsKey = new Option<string?>("--tls-key") { Description = "File with its key (PEM)" };
        var tlsAuthority = new Option<string?>("--tls-ca") { Description = "File with who vouches for it (PEM), when the system does not know" };
        var demo = new Option<bool>("--demo") { Description = "Make simulated clusters to look at, with 35 days of costs" };
        var stopDatabase = new Option<bool>("--stop-database") { Description = "Only end a PostgreSQL that a killed fleetd left behind" };
        var command = new RootCommand("Fleet's server. Usually started by `fleet up`.") { data, apiPort, restPort, postgres, kubeconfig, context, capiCore, store, query, storeToken, storeWindow, logsOtlp, tracesOtlp, otlpToken, otlpCa, oidc, tls, tlsCertificate, tlsKey, tlsAuthority, demo, stopDatabase };
        var parsed = command.Parse(arguments);
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine(error.Message);
        exitCode = parsed.Errors.Count > 0 ? 2 : 0;
        if (exitCode != 0)
            return null;
        if (parsed.Action is not null)
        {
            exitCode = parsed.Invoke();
            return null;
        }
        return new FleetOptions
        {
            Data = parsed.GetValue(data)!,
            ApiPort = parsed.GetValue(apiPort),
            RestPort = parsed.GetValue(restPort),
            PostgresFile = parsed.GetValue(postgres),
            Kubeconfig = parsed.GetValue(kubeconfig),
            Context = parsed.GetValue(context),
            ExternalCapiCore = parsed.GetValue(capiCore) == "external",
            MetricsStore = parsed.GetValue(store),
            MetricsQuery = parsed.GetValue(query),
            MetricsStoreToken = parsed.GetValue(storeToken),
            MetricsStoreWindow = parsed.GetValue(storeWindow),
            LogsOtlp = parsed.GetValue(logsOtlp),
            TracesOtlp = parsed.GetValue(tracesOtlp),
            OtlpToken = parsed.GetValue(otlpToken),
            OtlpCa = parsed.GetValue(otlpCa),
            Oidc = parsed.GetValue(oidc),
            Tls = parsed.GetValue(tls),
            TlsCertificate = parsed.GetValue(tlsCertificate),
            TlsKey = parsed.GetValue(tlsKey),
            TlsAuthority = parsed.GetValue(tlsAuthority),
            Demo = parsed.GetValue(demo),
            StopDatabase = parsed.GetValue(stopDatabase),
        };
    }
}
