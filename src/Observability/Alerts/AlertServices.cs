using Fleet.Control;
using Fleet.Control.Ownership;
using Fleet.Control.Reconciling;
using Fleet.Control.Watching;
using Fleet.Observability.Alerts.Delivery;
using Fleet.Observability.Alerts.Engine;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Sources;
using Fleet.Observability.Alerts.Status;
using Fleet.Observability.Alerts.Storage;
using Fleet.Observability.Anomalies;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Observability.Alerts;

/// <summary>Rules, routes, receivers and silences. Needs the ledger's connections.</summary>
internal static class AlertServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, AlertOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<AlertObjects>();
        services.AddSingleton<AlertQueries>();
        services.AddHostedService(s => s.GetRequiredService<AlertObjects>());
        services.AddSources();
        services.AddSingleton<RuleEvaluation>();
        services.AddSingleton<AlertBoard>();
        services.AddSingleton<AlertPokes>();
        services.AddOwnedHostedService(Singletons.Alerts, (s, owner) => ActivatorUtilities.CreateInstance<AlertEngine>(s, owner));
        services.AddDelivery();
        return services.AddStatus();
    }

    private static void AddSources(this IServiceCollection services)
    {
        services.AddSingleton<IAlertSource, PromqlResults>();
        services.AddSingleton<IAlertSource, ClusterStateSource>();
        services.AddSingleton<IAlertSource, FreshnessOfCosts>();
        services.AddSingleton<IAlertSource, KubeconfigCertificates>();
        services.AddSingleton<IAlertSource, BackupAges>();
        services.AddSingleton<IAlertSource, CostTotals>();
        services.AddSingleton<IAlertSource, BudgetThresholds>();
        services.TryAddSingleton<AnomalyStore>();
        services.AddSingleton<IAlertSource, CostAnomalies>();
    }

    private static void AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton<SmtpDelivery>();
        services.AddSingleton<ReceiverSecrets>();
        services.AddSingleton<ReceiverSender>();
        services.AddSingleton<ReceiverTest>();
        services.AddSingleton<AlertmanagerPoster>();
        services.AddSingleton<AlertOutbox>();
        services.AddOwnedHostedService<AlertmanagerHandover>(Singletons.Alerts);
        services.AddOwnedHostedService(Singletons.Alerts, (s, owner) => ActivatorUtilities.CreateInstance<OutboxSender>(s, owner));
    }

    private static IServiceCollection AddStatus(this IServiceCollection services)
    {
        services.AddController<AlertRuleReconciler>(s => new ControllerOptions { Name = "alertrule", GrainOf = Singletons.With(Singletons.Alerts), Triggers = [s.GetRequiredService<AlertPokes>().Rules] });
        services.AddController<SilenceReconciler>(s => new ControllerOptions { Name = "silence", GrainOf = Singletons.With(Singletons.Alerts), Triggers = [s.GetRequiredService<AlertPokes>().Silences] });
        services.AddController<ReceiverReconciler>(s => new ControllerOptions
        {
            Name = "receiver",
            GrainOf = Singletons.With(Singletons.Alerts),
            Triggers = [new InformerTrigger<Receiver, Receiver>(s.GetRequiredService<AlertObjects>().Receivers, Changes.Own), s.GetRequiredService<AlertPokes>().Receivers],
        });
        return services.AddController<AlertRouteReconciler>(s => new ControllerOptions
        {
            Name = "alertroute",
            Triggers =
            [
                new InformerTrigger<AlertRoute, AlertRoute>(s.GetRequiredService<AlertObjects>().Routes, Changes.Own),
                // Receivers that come and go: the routes of their namespace name them.
                new InformerTrigger<Receiver, Receiver>(
                    s.GetRequiredService<AlertObjects>().Receivers,
                    change => s.GetRequiredService<AlertObjects>().Routes is { State.HasSynced: true } routes ? routes.Keys.Where(key => key.Namespace == change.Key.Namespace) : []),
            ],
        });
    }
}
