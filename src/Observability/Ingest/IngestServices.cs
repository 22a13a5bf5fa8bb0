using Fleet.Control.Health;
using Fleet.Control.Ownership;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Ingest.RemoteWrite;
using Fleet.Observability.Ingest.Stores;
using Fleet.Observability.Ingest.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Observability.Ingest;

/// <summary>The ways in for telemetry. Need <c>AddControl</c> and an <c>IKubernetesClient</c> of the management API.</summary>
public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services, IngestOptions options)
    {
        // A store that takes samples only up to an age is asked for no older ones, and whoever sends them is told at once.
        var limits = options.Intake.Limits;
        var intake = options.Store.OldestSample is { } oldest && !(limits.OldestSample < oldest)
            ? options.Intake with { Limits = limits with { OldestSample = oldest } }
            : options.Intake;
        services.AddSingleton(options.Store);
        services.AddSingleton(intake);
        services.AddCalls();
        services.AddSingleton(s => IngestQueue.Open(options.Queue, s.GetRequiredService<IngestMetrics>(), s.GetRequiredService<ILogger<IngestQueue>>()));
        services.AddSingleton<SampleIntake>();
        services.AddHostedService<StoreSender>();
        return services;
    }

    /// <summary>Logs and spans, kept in PostgreSQL or sent on.</summary>
    /// <param name="targets">Where they are sent on to; null: nowhere.</param>
    public static IServiceCollection AddRecords(this IServiceCollection services, RecordOptions options, RecordTargets? targets = null)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(targets ?? RecordTargets.None);
        if (targets is { Logs: not null } or { Traces: not null })
        {
            services.TryAddSingleton<ForwardMetrics>();
            services.AddSingleton<RecordForwarding>();
            services.AddHostedService<ForwardingService>();
        }
        services.AddCalls();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<RecordIntake>();
        services.AddOwnedHostedService(Singletons.Retention, (s, owner) => ActivatorUtilities.CreateInstance<RecordRetention>(s, owner));
        return services;
    }

    /// <summary>Tokens of the clusters from the management API.</summary>
    public static IServiceCollection AddTelemetryTokens(this IServiceCollection services)
    {
        services.TryAddSingleton<TokenStore>();
        services.TryAddSingleton<TokenDirectory>();
        services.TryAddSingleton<ITokenDirectory>(s => s.GetRequiredService<TokenDirectory>());
        services.TryAddSingleton<IClusterDirectory>(s => s.GetRequiredService<TokenDirectory>());
        services.AddSingleton<IReadinessCheck>(s => s.GetRequiredService<TokenDirectory>());
        services.AddHostedService(s => s.GetRequiredService<TokenDirectory>());
        return services;
    }

    /// <summary>What was not registered is not served.</summary>
    public static IEndpointRouteBuilder MapIngest(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SampleIntake>() is not null)
            endpoints.MapRemoteWrite().MapOtlpMetrics();
        if (endpoints.ServiceProvider.GetService<RecordIntake>() is not null)
            endpoints.MapOtlpRecords();
        return endpoints;
    }

    private static void AddCalls(this IServiceCollection services)
    {
        services.TryAddSingleton(new IntakeOptions());
        services.TryAddSingleton<IngestMetrics>();
        services.TryAddSingleton<ClusterIntakes>();
        services.TryAddSingleton<IngestCall>();
    }
}
