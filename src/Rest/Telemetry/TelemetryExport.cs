using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fleet.Rest.Telemetry;

/// <summary>
/// Sends the service's own traces, metrics and logs by OTLP, when OpenTelemetry's variables say where: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or one of a signal. Without them nothing is made and nothing is
/// paid; <c>/metrics</c> is there in any case.
/// </summary>
public static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <param name="service">Its name where <c>OTEL_SERVICE_NAME</c> gives no other. Call it after the log's providers are chosen.</param>
    public static WebApplicationBuilder AddTelemetryExport(this WebApplicationBuilder builder, string service)
    {
        var resource = ResourceBuilder.CreateDefault()
            .AddService(service, serviceVersion: Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
            .AddEnvironmentVariableDetector();
        // Not AddHostedService, which takes one of a type.
        if (IsWanted("TRACES"))
            builder.Services.AddSingleton<IHostedService>(_ => new ProviderLife(() => Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource("Fleet.*", "Microsoft.AspNetCore", "System.Net.Http")
                .AddProcessor(new SpanHygiene())
                .AddOtlpExporter(Configure)
                .Build()));
        if (IsWanted("METRICS"))
            builder.Services.AddSingleton<IHostedService>(_ => new ProviderLife(() => Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter("Fleet.*", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting")
                .AddOtlpExporter(Configure)
                .Build()));
        if (IsWanted("LOGS"))
            builder.Logging.AddOpenTelemetry(options =>
            {
                options.IncludeFormattedMessage = true;
                options.IncludeScopes = true;
                options.SetResourceBuilder(resource);
                options.AddOtlpExporter(Configure);
            });
        return builder;
    }

    private static bool IsWanted(string signal) => IsSet(Endpoint) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    /// <summary>Address, headers and time-outs are read from the variables by the exporter itself. HTTP goes through every proxy, gRPC has to be asked for.</summary>
    private static void Configure(OtlpExporterOptions options)
    {
        if (!IsSet(Protocol))
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    /// <summary>Made with the host and sent empty when it stops.</summary>
    private sealed class ProviderLife(Func<IDisposable?> make) : IHostedService
    {
        private IDisposable? provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            provider = make();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            // Disposing flushes, within the exporter's own time-out.
            provider?.Dispose();
            return Task.CompletedTask;
        }
    }
}
