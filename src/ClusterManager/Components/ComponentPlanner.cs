using Fleet.ClusterManager.Releases;
using Fleet.Contracts;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;

namespace Fleet.ClusterManager.Components;

/// <summary>From facts to a plan. Pure.</summary>
internal static class ComponentPlanner
{
    public static ComponentPlan Plan(ComponentsFacts facts, TimeSpan helmTimeout)
    {
        var steps = new List<ComponentStep>();
        foreach (var component in facts.Wanted)
        {
            // What only tells its state while everything is held has no order to keep.
            var missing = component.Wanted.After.Where(name => steps.Find(step => step.Name == name) is { IsInOrder: false }).ToList();
            steps.Add(Step(facts, component, missing, helmTimeout));
        }
        steps.AddRange(facts.Unwanted.Select(present => Removal(facts, present)));
        return new(steps);
    }

    private static ComponentStep Step(ComponentsFacts facts, ComponentFacts component, IReadOnlyList<string> missing, TimeSpan helmTimeout)
    {
        var step = new ComponentStep(component.Wanted.Name, component.Release, ComponentAction.Hold);
        if (facts.HeldBy is { } hold)
            return AsItIs(step, component, hold);
        if (component.Wanted.Problem is { } problem)
            return step with { Why = problem };
        if (component.Template is not { } template)
            return step with { Action = ComponentAction.Wait, Why = $"ProviderTemplate {component.Wanted.Template} not found" };
        if (template.Status?.ObservedGeneration is null)
            return step with { Action = ComponentAction.Wait, Why = $"ProviderTemplate {component.Wanted.Template} is being checked" };
        if (!template.Status.Valid)
            return step with { Action = ComponentAction.Wait, Why = $"ProviderTemplate {component.Wanted.Template} is not marked as valid: {template.Status.ValidationError}" };
        // Without a chart it only states what somebody has installed by other means.
        if (template.Spec.Helm is null)
            return step with { Action = ComponentAction.Keep, IsInOrder = true };
        if (component.IsForeign)
            return step with
            {
                Why = $"Helm release {component.Release} is there and was not made for this object: uninstall it, or set annotation {FleetAnnotations.TakeOver} to \"true\" to take it over",
            };
        return component.Chart is null
            ? step with { Action = ComponentAction.Wait, Why = component.ChartProblem ?? "the chart cannot be had" }
            : Release(facts.Target, component, step, missing, helmTimeout);
    }

    private static ComponentStep Release(ComponentTarget target, ComponentFacts component, ComponentStep step, IReadOnlyList<string> missing, TimeSpan helmTimeout)
    {
        var settings = new ReleaseOptions { Timeout = helmTimeout };
        if (target.TakesOver)
            settings = settings with { Install = settings.Install with { TakeOwnership = true }, Upgrade = settings.Upgrade with { TakeOwnership = true } };
        var uid = target.Owner.Uid ?? "";
        // Taking over is done once: it must not make every release new when the annotation goes.
        var fingerprint = ReleaseFingerprint.Of(component.Chart!.Digest, component.Wanted.Values, new() { Timeout = helmTimeout }, component.Release, uid);
        step = step with
        {
            Chart = component.Chart,
            Values = component.Wanted.Values,
            Fingerprint = fingerprint,
            Recovery = component.Installed?.Record is not { IsPending: true } cutOff ? Recovery.None : cutOff.Fingerprint == fingerprint ? Recovery.Repeat : Recovery.GoBack,
            Options = settings with
            {
                Labels = new Dictionary<string, string>
                {
                    [ReleaseRecords.FingerprintLabel] = fingerprint,
                    [ReleaseRecords.OwnerLabel] = uid,
                    [InstalledComponents.NameLabel] = component.Wanted.Name,
                    [InstalledComponents.TemplateLabel] = component.Wanted.Template!,
                },
            },
        };
        var isCurrent = component.Installed is { Record.IsDeployed: true } present && present.Record.Fingerprint == fingerprint;
        if (isCurrent && component.Installed!.Health is { HasMissing: false } health)
            return step with { Action = ComponentAction.Keep, Why = health.Message, IsInOrder = health.IsHealthy };
        return missing.Count > 0
            ? step with { Action = ComponentAction.Wait, Why = $"waits for {string.Join(", ", missing)}" }
            : step with { Action = ComponentAction.Install, IsRepair = isCurrent, Why = isCurrent ? component.Installed!.Health.Message : "" };
    }

    private static ComponentStep AsItIs(ComponentStep step, ComponentFacts component, string hold)
    {
        if (component.Installed is { Record.IsDeployed: true } present)
            return step with { Action = ComponentAction.Keep, Why = present.Health.Message, IsInOrder = present.Health.IsHealthy };
        if (component is { Template: { Spec.Helm: null, Status.Valid: true } })
            return step with { Action = ComponentAction.Keep, IsInOrder = true };
        return step with { Action = ComponentAction.Wait, Why = $"is not installed; {hold}" };
    }

    private static ComponentStep Removal(ComponentsFacts facts, InstalledComponent present)
    {
        var step = new ComponentStep(present.Name, present.Release, ComponentAction.Uninstall) { Recovery = present.Record.IsPending ? Recovery.GoBack : Recovery.None, Options = new() { Wait = true } };
        if (facts.HeldBy is { } hold)
            return step with { Action = ComponentAction.Wait, Why = $"is to be removed; {hold}" };
        // Admission refuses this; here for what was changed while nobody asked it. Another component may bring the same provider.
        var kept = facts.Wanted.SelectMany(component => component.Providers).ToHashSet(StringComparer.Ordinal);
        var users = present.Providers.Where(provider => !kept.Contains(provider))
            .SelectMany(provider => facts.Users.GetValueOrDefault(provider) ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        return users.Count == 0 ? step : step with { Action = ComponentAction.Hold, Why = $"is to be removed, and ClusterDeployments need it: {string.Join(", ", users)}" };
    }
}
