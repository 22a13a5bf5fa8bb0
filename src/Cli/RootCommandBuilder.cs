using System.CommandLine;
using Fleet.Cli.Commands.Access;
using Fleet.Cli.Commands.Adoption;
using Fleet.Cli.Commands.Alerts;
using Fleet.Cli.Commands.Audits;
using Fleet.Cli.Commands.Backups;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Commands.Compliance;
using Fleet.Cli.Commands.Costs;
using Fleet.Cli.Commands.Diagnosis;
using Fleet.Cli.Commands.Imports;
using Fleet.Cli.Commands.Lifecycle;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Plans;
using Fleet.Cli.Commands.Recommendations;
using Fleet.Cli.Commands.Services;
using Fleet.Cli.Commands.Telemetry;
using Fleet.Cli.Connection;

namespace Fleet.Cli;

/// <summary>The table of contents of the CLI.</summary>
public static class RootCommandBuilder
{
    public static RootCommand Build() => new("Fleet: many Kubernetes clusters, their services and their cost, declared in one place.")
    {
        FleetFolder.Option,
        FleetConnection.KubeconfigOption,
        FleetConnection.ContextOption,
        RestTrust.AuthorityOption,
        UpCommand.Build(),
        DownCommand.Build(),
        DemoCommand.Build(),
        ConsoleCommand.Build(),
        LoginCommand.Build(),
        WhoamiCommand.Logout(),
        WhoamiCommand.Build(),
        WhoamiCommand.Token(),
        AuditCommand.Build(),
        GetCommand.Build(),
        DescribeCommand.Build(),
        KubeconfigCommand.Build(),
        AdoptCommand.Build(),
        ImportCommand.Build(),
        PlanCommand.Build(),
        PauseCommand.Build(),
        PauseCommand.BuildResume(),
        HistoryCommand.Build(),
        DriftCommand.Build(),
        ComplianceCommand.Build(),
        CostsCommand.Build(),
        RecommendationsCommand.Build(),
        AlertsCommand.Build(),
        TelemetryCommand.Build(),
        TelemetryCommand.Events(),
        RollbackCommand.Build(),
        RestartCommand.Build(),
        ExplainCommand.Build(),
        DiffCommand.Build(),
        ApplyCommand.Build(),
        DeleteCommand.Build(),
        BreakerCommand.Build(),
        BackupCommand.Build(),
        RestoreCommand.Build(),
        MoveCommand.Build(),
        LogsCommand.Build(),
        DoctorCommand.Build(),
        VersionCommand.Build(),
        CompletionCommand.Build(),
        SourceTreeCommand.Build("build", "Build the programs and the web console from the sources."),
        SourceTreeCommand.Build("test", "Run every test of the repository against real servers."),
        SourceTreeCommand.Build("package", "Make a release: Debian package, chart, bill of materials, licences, notes."),
        SourceTreeCommand.Build("advisories", "Ask the package sources for known vulnerabilities of what Fleet uses."),
        SourceTreeCommand.Build("bench", "Measure, each figure beside something else in the same run."),
    };
}
