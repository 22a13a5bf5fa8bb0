using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.StateManager.Compliance.Storage;

[DbContext(typeof(ComplianceContext))]
[Migration("0001_Compliance")]
internal sealed class M0001Compliance : Migration
{
    // Places are compared byte by byte, whatever the language of the database.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE compliance_cluster (
            namespace    text        NOT NULL,
            cluster      text        NOT NULL,
            observed_at  timestamptz NULL,
            problem      text        NULL,
            kinds        text[]      NOT NULL,
            left_out     integer     NOT NULL,
            PRIMARY KEY (namespace, cluster)
        );
        CREATE TABLE compliance_policy (
            namespace         text    NOT NULL,
            cluster           text    NOT NULL,
            source            text    NOT NULL,
            policy            text    NOT NULL,
            target_namespace  text    NOT NULL,
            place             text    COLLATE "C" NOT NULL,
            pass              integer NOT NULL,
            fail              integer NOT NULL,
            warn              integer NOT NULL,
            error             integer NOT NULL,
            skip              integer NOT NULL,
            excepted          integer NOT NULL,
            PRIMARY KEY (namespace, cluster, source, policy, target_namespace)
        );
        CREATE INDEX compliance_policy_by_place ON compliance_policy (place);
        CREATE TABLE compliance_finding (
            namespace         text NOT NULL,
            cluster           text NOT NULL,
            place             text COLLATE "C" NOT NULL,
            source            text NOT NULL,
            policy            text NOT NULL,
            target_namespace  text NOT NULL,
            rule              text NOT NULL,
            result            text NOT NULL,
            excepted_by       text NULL,
            severity          text NOT NULL,
            category          text NOT NULL,
            kind              text NOT NULL,
            name              text NOT NULL,
            message           text NOT NULL,
            PRIMARY KEY (namespace, cluster, place)
        );
        CREATE INDEX compliance_finding_by_exception ON compliance_finding (namespace, excepted_by) WHERE excepted_by IS NOT NULL;
        CREATE TABLE compliance_trend (
            namespace         text    NOT NULL,
            cluster           text    NOT NULL,
            source            text    NOT NULL,
            policy            text    NOT NULL,
            target_namespace  text    NOT NULL,
            day               date    NOT NULL,
            pass              integer NOT NULL,
            fail              integer NOT NULL,
            warn              integer NOT NULL,
            error             integer NOT NULL,
            skip              integer NOT NULL,
            excepted          integer NOT NULL,
            PRIMARY KEY (namespace, cluster, source, policy, target_namespace, day)
        );
        CREATE INDEX compliance_trend_by_day ON compliance_trend (day);
        """);
}

/// <summary>The model after the last migration.</summary>
[DbContext(typeof(ComplianceContext))]
internal sealed class ComplianceSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => ComplianceContext.Configure(modelBuilder);
}

[DbContext(typeof(ComplianceContext))]
[Migration("0002_Owners")]
internal sealed class M0002Owners : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(OwnerEpochs.Table);
}
