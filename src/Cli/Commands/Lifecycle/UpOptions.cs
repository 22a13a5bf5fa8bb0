using System.CommandLine;
using Fleet.Cli.Connection;

namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>Options of <c>up</c>, which <c>demo</c> has as well; they are handed to fleetd as they are.</summary>
internal sealed class UpOptions
{
    public Option<int?> ApiPort { get; } = new("--api-port") { Description = "Port of the management API (default 7443, kept from the first start)" };

    public Option<int?> RestPort { get; } = new("--rest-port") { Description = "Port of Fleet's REST API (default 7080, kept from the first start)" };

    public Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "File with the connection string of a PostgreSQL to use instead of a private one (a file, so that its password is in no process list)",
    };

    public Option<string?> CapiCore { get; } = new("--capi-core")
    {
        Description = "embedded: the small Cluster API core of Fleet; external: a real one drives the objects",
        DefaultValueFactory = _ => "embedded",
    };

    public Option<string?> MetricsStore { get; } = new("--metrics-store")
    {
        Description = "Address of a remote-write receiver that keeps the samples of all clusters (VictoriaMetrics, Prometheus, Mimir…), for example http://127.0.0.1:8428/api/v1/write",
    };

    public Option<string?> MetricsQuery { get; } = new("--metrics-query") { Description = "Address before /api/v1/query of that store, when it is not beside the receiver, for example http://127.0.0.1:8481/select/0/prometheus" };

    public Option<string?> MetricsStoreToken { get; } = new("--metrics-store-token") { Description = "File with the bearer token of the metrics store" };

    public Option<string?> MetricsStoreWindow { get; } = new("--metrics-store-window") { Description = "How old samples may be for the metrics store, for example 1h; older ones are refused" };

    public Option<string?> LogsOtlp { get; } = new("--logs-otlp") { Description = "Address of an OTLP/HTTP receiver that gets the logs of all clusters instead of PostgreSQL, for example https://logs.example/v1/logs" };

    public Option<string?> TracesOtlp { get; } = new("--traces-otlp") { Description = "The same for traces, for example https://traces.example/v1/traces" };

    public Option<string?> OtlpToken { get; } = new("--otlp-token") { Description = "File with the bearer token of these receivers" };

    public Option<string?> OtlpCa { get; } = new("--otlp-ca") { Description = "File with the PEM certificates that theirs come from" };

    public Option<string?> Oidc { get; } = new("--oidc") { Description = "File in JSON that says which OpenID provider people sign in by (docs/guides/access.md)" };

    public Option<bool> Tls { get; } = new("--tls") { Description = "Serve REST API and console over TLS, with a certificate of an authority of this fleet's own (tls/ca.crt in the data folder)" };

    public Option<string?> TlsCertificate { get; } = new("--tls-cert") { Description = "File with a certificate for 127.0.0.1 or localhost (PEM, with those up to its authority) to serve them with; read again when it changes" };

    public Option<string?> TlsKey { get; } = new("--tls-key") { Description = "File with its key (PEM)" };

    public Option<string?> TlsAuthority { get; } = new("--tls-ca") { Description = "File with who vouches for it (PEM), when the system does not know" };

    public Option<bool> Demo { get; } = new("--demo") { Description = "Make simulated clusters to look at, which each waste something, with prices and 35 days of costs" };

    public Option<bool> Foreground { get; } = new("--foreground") { Description = "Stay attached; Ctrl-C stops the fleet" };

    public Option<int> Timeout { get; } = new("--timeout") { Description = "Seconds to wait until the fleet is ready", DefaultValueFactory = _ => 120 };

    public UpOptions()
    {
        CapiCore.AcceptOnlyFromAmong("embedded", "external");
        foreach (var port in new[] { ApiPort, RestPort })
            port.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int?>() is < 1 or > 65535)
                    result.AddError($"{port.Name} takes a port from 1 to 65535, for example {port.Name} 8443");
            });
    }

    public void AddTo(Command command)
    {
        command.Add(ApiPort);
        command.Add(RestPort);
        command.Add(Postgres);
        command.Add(CapiCore);
        command.Add(MetricsStore);
        command.Add(MetricsQuery);
        command.Add(MetricsStoreToken);
        command.Add(MetricsStoreWindow);
        command.Add(LogsOtlp);
        command.Add(TracesOtlp);
        command.Add(OtlpToken);
        command.Add(OtlpCa);
        command.Add(Oidc);
        command.Add(Tls);
        command.Add(TlsCertificate);
        command.Add(TlsKey);
        command.Add(TlsAuthority);
        command.Add(Timeout);
    }

    /// <summary>In what a running fleet differs from what is asked for now; null when it is as wanted.</summary>
    public string? Contradiction(ParseResult parsed, FleetEndpoints running)
    {
        if (parsed.GetValue(ApiPort) is { } api && !running.External && new Uri(running.Api).Port != api)
            return $"its API at {running.Api}";
        if (parsed.GetValue(RestPort) is { } rest && new Uri(running.Rest).Port != rest)
            return $"its REST API at {running.Rest}";
        if ((parsed.GetValue(Tls) || parsed.GetValue(TlsCertificate) is not null) && new Uri(running.Rest).Scheme != Uri.UriSchemeHttps)
            return "a REST API without TLS";
        if (parsed.GetResult(CapiCore) is { Implicit: false } && parsed.GetValue(CapiCore) != running.CapiCore)
            return $"--capi-core {running.CapiCore}";
        return parsed.GetValue(FleetConnection.KubeconfigOption) is { } kubeconfig && Path.GetFullPath(kubeconfig) != running.Kubeconfig
            ? $"the management cluster of {running.Kubeconfig}"
            : null;
    }

    public IReadOnlyList<string> ForDaemon(ParseResult parsed)
    {
        List<string> words = ["--data", FleetFolder.From(parsed).Path, "--capi-core", parsed.GetValue(CapiCore)!];
        void Add(string name, object? value)
        {
            if (value is not null)
                words.AddRange([name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}")]);
        }

        Add("--api-port", parsed.GetValue(ApiPort));
        Add("--rest-port", parsed.GetValue(RestPort));
        Add("--postgres", parsed.GetValue(Postgres) is { } file ? Path.GetFullPath(file) : null);
        Add("--metrics-store", parsed.GetValue(MetricsStore));
        Add("--metrics-query", parsed.GetValue(MetricsQuery));
        Add("--metrics-store-token", parsed.GetValue(MetricsStoreToken) is { } token ? Path.GetFullPath(token) : null);
        Add("--metrics-store-window", parsed.GetValue(MetricsStoreWindow));
        Add("--logs-otlp", parsed.GetValue(LogsOtlp));
        Add("--traces-otlp", parsed.GetValue(TracesOtlp));
        Add("--otlp-token", parsed.GetValue(OtlpToken) is { } otlpToken ? Path.GetFullPath(otlpToken) : null);
        Add("--otlp-ca", parsed.GetValue(OtlpCa) is { } otlpCa ? Path.GetFullPath(otlpCa) : null);
        Add("--oidc", parsed.GetValue(Oidc) is { } oidc ? Path.GetFullPath(oidc) : null);
        if (parsed.GetValue(Tls))
            words.Add("--tls");
        Add("--tls-cert", parsed.GetValue(TlsCertificate) is { } certificate ? Path.GetFullPath(certificate) : null);
        Add("--tls-key", parsed.GetValue(TlsKey) is { } key ? Path.GetFullPath(key) : null);
        Add("--tls-ca", parsed.GetValue(TlsAuthority) is { } authority ? Path.GetFullPath(authority) : null);
        if (parsed.GetResult(Demo) is not null && parsed.GetValue(Demo))
            words.Add("--demo");
        Add("--kubeconfig", parsed.GetValue(FleetConnection.KubeconfigOption) is { } kubeconfig ? Path.GetFullPath(kubeconfig) : null);
        Add("--context", parsed.GetValue(FleetConnection.ContextOption));
        return words;
    }
}
