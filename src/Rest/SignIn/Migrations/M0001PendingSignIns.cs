using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Rest.SignIn.Migrations;

[DbContext(typeof(SignInContext))]
[Migration("0001_PendingSignIns")]
internal sealed class M0001PendingSignIns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE pending_sign_ins (
            id      bytea       PRIMARY KEY,
            content bytea       NOT NULL,
            until   timestamptz NOT NULL
        );
        CREATE INDEX pending_sign_ins_by_end ON pending_sign_ins (until);
        """);
}

/// <summary>The model after the last migration: none, rows are not EF's.</summary>
[DbContext(typeof(SignInContext))]
internal sealed class SignInSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
    }
}
