namespace Fleet.Console.Tests;

/// <summary>Each page at one width in both themes, for readers that cannot see and for those that scroll in one direction only. A page per file name in the pictures.</summary>
public abstract class EveryPage(ConsoleFleet fleet, int width, int height)
{
    private readonly Look light = new(width, height);

    /// <summary>Rows, that there are none, or that it is not served here; what is wrong is told as an alert.</summary>
    private const string Loaded = "main .small-table, main .empty, main .logs, main .advice-list, main .problem";

    private static readonly (string Name, string Path, string Ready)[] Pages =
    [
        ("overview", "/", "main:has(.figures) [data-drawn]"),
        ("clusters", "/clusters", ".name-link >> text=edge"),
        ("cluster", "/clusters/shop/web", "text=NodesReady"),
        ("cluster-nodes", "/clusters/shop/web?tab=nodes", ".small-table"),
        ("cluster-machines", "/clusters/shop/web?tab=machines", ".small-table"),
        ("cluster-services", "/clusters/shop/web?tab=services", ".small-table"),
        ("cluster-costs", "/clusters/shop/web?tab=costs", "[data-drawn]"),
        ("cluster-alerts", "/clusters/shop/web?tab=alerts", Loaded),
        ("cluster-events", "/clusters/shop/web?tab=events", ".small-table"),
        ("cluster-upgrades", "/clusters/shop/web?tab=upgrades", "text=simulated-standalone-cp-0-2-0"),
        ("cluster-access", "/clusters/shop/web?tab=access", "form.access"),
        ("cluster-missing", "/clusters/shop/none", ".problem"),
        ("services", "/services?layout=matrix", ".matrix-cell, .card-cell"),
        ("services-list", "/services?layout=list", ".name-link >> text=apps/front"),
        ("service", "/services/shop/web/apps/front", ".objects"),
        ("service-values", "/services/shop/web/apps/front?tab=values", ".small-table"),
        ("service-history", "/services/shop/web/apps/front?tab=history", ".small-table"),
        ("service-drift", "/services/shop/web/apps/front?tab=drift", ".tab-panel .empty, .tab-panel .small-table"),
        ("costs", "/costs?compare=true", "[data-drawn]"),
        ("costs-wrong-filter", "/costs?filter=namespace:x", "#filter-problem"),
        ("costs-assets", "/costs?tab=assets", ".small-table"),
        ("costs-anomalies", "/costs?tab=anomalies", Loaded),
        ("costs-teams", "/costs?tab=teams", Loaded),
        ("costs-data", "/costs?tab=data", ".small-table"),
        ("budgets", "/budgets", Loaded),
        ("budget", "/budgets/team-a/team", "[data-drawn]"),
        // Of one cluster: a hundred cards are a hundred times the same to axe.
        ("recommendations", "/recommendations?cluster=team-a/finops-north", Loaded),
        ("alerts", "/alerts", Loaded),
        ("alerts-incidents", "/alerts?tab=incidents", Loaded),
        ("alerts-silences", "/alerts?tab=silences", Loaded),
        ("alerts-receivers", "/alerts?tab=receivers", Loaded),
        ("policies", "/policies", ".small-table"),
        ("policies-findings", "/policies?tab=findings&cluster=shop/web", Loaded),
        ("explore-logs", "/explore", Loaded),
        ("explore-traces", "/explore?tab=traces", Loaded),
        ("explore-events", "/explore?tab=events", ".small-table"),
        ("settings", "/settings", "text=As the system"),
        ("settings-tokens", "/settings?tab=tokens&cluster=shop/web", Loaded),
        ("settings-backups", "/settings?tab=backups", Loaded),
        ("settings-about", "/settings?tab=about", "text=v1."),
        ("nowhere", "/clusters/a/b/c/d", ".empty"),
    ];

    [Fact]
    public async Task No_page_has_findings_of_axe_or_is_wider_than_the_window()
    {
        var findings = new List<string>();
        await using (var stranger = await fleet.VisitorAsync(light))
        {
            await stranger.Page.GotoAsync("/");
            await stranger.Heading.WaitForAsync();
            await NoteAsync(stranger, "signin");
        }

        await fleet.DataAsync();
        await using var visitor = await fleet.SignedInAsync("/clusters", light);
        foreach (var (name, path, ready) in Pages)
        {
            await visitor.GoAsync(path, ready);
            await NoteAsync(visitor, name);
        }
        await visitor.Page.GotoAsync("/clusters/shop/web");
        await visitor.Button("Delete…").ClickAsync();
        await NoteAsync(visitor, "delete");
        Assert.True(findings.Count == 0, string.Join('\n', findings));

        async Task NoteAsync(Visitor seen, string name)
        {
            await seen.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await NoteInAsync(seen, name, light, contrastOnly: false);
            if (await seen.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth - innerWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)") is > 0 and var tooWide)
                findings.Add($"{name}: {tooWide} pixels too wide");
            // Nothing but colours differs between the themes.
            await seen.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await NoteInAsync(seen, name, light with { Dark = true }, contrastOnly: true);
        }

        async Task NoteInAsync(Visitor seen, string name, Look how, bool contrastOnly)
        {
            await seen.PictureAsync(name, how);
            findings.AddRange((await seen.FindingsAsync(contrastOnly)).Select(finding => $"{name} {how}: {finding}"));
        }
    }
}

public sealed class EveryWidePageTests(ConsoleFleet fleet) : EveryPage(fleet, 1280, 800);

public sealed class EveryNarrowPageTests(ConsoleFleet fleet) : EveryPage(fleet, 390, 844);
