-- What Orleans' ADO.NET providers ask for, for PostgreSQL, in a schema of its own. Orleans reads its statements from OrleansQuery by key, and knows
-- parameters and columns by name; everything else is ours. Safe to run again, and run at each start.
CREATE SCHEMA IF NOT EXISTS orleans;

CREATE TABLE IF NOT EXISTS orleans.orleansquery (
    querykey varchar(64) PRIMARY KEY,
    querytext text NOT NULL
);

-- One row a cluster of silos: each change of the membership raises the version, so that two changes never pass each other.
CREATE TABLE IF NOT EXISTS orleans.membership_version (
    deploymentid varchar(150) PRIMARY KEY,
    changed timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 0
);

-- One row a start of a silo.
CREATE TABLE IF NOT EXISTS orleans.membership (
    deploymentid varchar(150) NOT NULL REFERENCES orleans.membership_version,
    address varchar(45) NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    siloname varchar(150) NOT NULL,
    hostname varchar(150) NOT NULL,
    status integer NOT NULL,
    proxyport integer NOT NULL,
    suspecttimes text,
    starttime timestamptz NOT NULL,
    iamalivetime timestamptz NOT NULL,
    PRIMARY KEY (deploymentid, address, port, generation)
);

-- State of grains with names as keys, which all of Fleet's have. The version is the ETag.
CREATE TABLE IF NOT EXISTS orleans.grain_state (
    serviceid varchar(150) NOT NULL,
    graintype varchar(512) NOT NULL,
    grainkey varchar(1024) NOT NULL,
    payload bytea,
    changed timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    PRIMARY KEY (serviceid, graintype, grainkey)
);

CREATE TABLE IF NOT EXISTS orleans.reminder (
    serviceid varchar(150) NOT NULL,
    grainid varchar(1200) NOT NULL,
    remindername varchar(1200) NOT NULL,
    starttime timestamptz NOT NULL,
    period bigint NOT NULL,
    grainhash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (serviceid, grainid, remindername)
);
CREATE INDEX IF NOT EXISTS reminder_by_hash ON orleans.reminder (serviceid, grainhash);

INSERT INTO orleans.orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $q$
    WITH made AS (INSERT INTO orleans.membership_version (deploymentid) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::int FROM made
$q$),
('InsertMembershipKey', $q$
    WITH raised AS (
        UPDATE orleans.membership_version SET changed = now(), version = version + 1
        WHERE deploymentid = @DeploymentId AND version = @Version
            AND NOT EXISTS (SELECT 1 FROM orleans.membership WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1),
    made AS (
        INSERT INTO orleans.membership (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM raised
        RETURNING 1)
    SELECT count(*)::int FROM made
$q$),
('UpdateMembershipKey', $q$
    WITH raised AS (
        UPDATE orleans.membership_version SET changed = now(), version = version + 1
        WHERE deploymentid = @DeploymentId AND version = @Version
            AND EXISTS (SELECT 1 FROM orleans.membership WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1),
    updated AS (
        UPDATE orleans.membership SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND EXISTS (SELECT 1 FROM raised)
        RETURNING 1)
    SELECT count(*)::int FROM updated
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE orleans.membership SET iamalivetime = @IAmAliveTime
    WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
('MembershipReadRowKey', $q$
    SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    FROM orleans.membership_version v
        LEFT JOIN orleans.membership m ON m.deploymentid = v.deploymentid AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deploymentid = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    FROM orleans.membership_version v LEFT JOIN orleans.membership m ON m.deploymentid = v.deploymentid
    WHERE v.deploymentid = @DeploymentId
$q$),
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM orleans.membership WHERE deploymentid = @DeploymentId AND status <> 3 AND iamalivetime < @IAmAliveTime
$q$),
('DeleteMembershipTableEntriesKey', $q$
    DELETE FROM orleans.membership WHERE deploymentid = @DeploymentId;
    DELETE FROM orleans.membership_version WHERE deploymentid = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    SELECT address, proxyport, generation FROM orleans.membership WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0
$q$),
('ReadFromStorageKey', $q$
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans.grain_state WHERE serviceid = @ServiceId AND graintype = @GrainTypeString AND grainkey = @GrainIdExtensionString
$q$),
('WriteToStorageKey', $q$
    WITH made AS (
        INSERT INTO orleans.grain_state (serviceid, graintype, grainkey, payload, version)
        SELECT @ServiceId, @GrainTypeString, @GrainIdExtensionString, @PayloadBinary, 1 WHERE @GrainStateVersion::int IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version),
    updated AS (
        UPDATE orleans.grain_state SET payload = @PayloadBinary, changed = now(), version = version + 1
        WHERE serviceid = @ServiceId AND graintype = @GrainTypeString AND grainkey = @GrainIdExtensionString AND version = @GrainStateVersion::int
        RETURNING version)
    SELECT version AS NewGrainStateVersion FROM made UNION ALL SELECT version FROM updated
$q$),
('ClearStorageKey', $q$
    UPDATE orleans.grain_state SET payload = NULL, changed = now(), version = version + 1
    WHERE serviceid = @ServiceId AND graintype = @GrainTypeString AND grainkey = @GrainIdExtensionString AND version = @GrainStateVersion::int
    RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
    DELETE FROM orleans.grain_state
    WHERE serviceid = @ServiceId AND graintype = @GrainTypeString AND grainkey = @GrainIdExtensionString AND version = @GrainStateVersion::int
    RETURNING version + 1 AS NewGrainStateVersion
$q$),
('UpsertReminderRowKey', $q$
    INSERT INTO orleans.reminder AS r (serviceid, grainid, remindername, starttime, period, grainhash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (serviceid, grainid, remindername) DO UPDATE
        SET starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = r.version + 1
    RETURNING version AS Version
$q$),
('ReadReminderRowKey', $q$
    SELECT grainid, remindername, starttime, period, version FROM orleans.reminder
    WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName
$q$),
('ReadReminderRowsKey', $q$
    SELECT grainid, remindername, starttime, period, version FROM orleans.reminder WHERE serviceid = @ServiceId AND grainid = @GrainId
$q$),
('ReadRangeRows1Key', $q$
    SELECT grainid, remindername, starttime, period, version FROM orleans.reminder
    WHERE serviceid = @ServiceId AND grainhash > @BeginHash AND grainhash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
    SELECT grainid, remindername, starttime, period, version FROM orleans.reminder
    WHERE serviceid = @ServiceId AND (grainhash > @BeginHash OR grainhash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    WITH gone AS (
        DELETE FROM orleans.reminder WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName AND version = @Version RETURNING 1)
    SELECT count(*)::int FROM gone
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM orleans.reminder WHERE serviceid = @ServiceId
$q$)
ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext;
