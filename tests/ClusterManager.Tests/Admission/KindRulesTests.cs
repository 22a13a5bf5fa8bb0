using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.Contracts;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Tests.Admission;

/// <summary>Manifests that are wrong by themselves, kind by kind: where, and why.</summary>
public class KindRulesTests
{
    private const string Issuer = "issuer: { url: 'https://a.example', audiences: [k] }";
    private const string Mappings = "claimMappings: { username: { claim: sub, prefix: '' } }";

    [Theory]
    [InlineData("AccessManagement", "{ accessRules: [{ targetNamespaces: { list: [a] }, resources: [{ kind: Credential, selector: { matchLabels: { tier: x } } }] }] }")]
    [InlineData("AccessManagement", "{ accessRules: [{ targetNamespaces: { stringSelector: 'tier in (a, b),!old, example.org/x==1,y!=z,w' } }] }")]
    [InlineData("Management", "{ release: r, core: { kcm: { config: { a: 1 } } }, providers: [{ name: a }, { name: b, config: {} }] }")]
    [InlineData("Region", "{ kubeConfig: { name: s }, providers: [{ name: a }] }")]
    [InlineData("ClusterTemplateChain", "{ supportedTemplates: [{ name: a, availableUpgrades: [{ name: b }] }, { name: b }] }")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [{ " + Issuer + ", " + Mappings + " }] } }")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [], anonymous: { enabled: true, conditions: [{ path: /livez }] } } }")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [{ level: None, nonResourceURLs: ['/healthz*', '*'] }, { level: Metadata, resources: [{ group: apps, resources: [deployments], resourceNames: [x] }] }] } }")]
    [InlineData("DataSource", "{ type: postgresql, endpoints: ['db:5432', '[::1]:1', '10.0.0.1:5432'], auth: { username: { name: s, key: u }, password: { name: s, key: p } } }")]
    [InlineData("ClusterIPAMClaim", "{ provider: in-cluster, nodeNetwork: { cidr: 10.0.0.0/24, gateway: 10.0.0.1, ipAddresses: [10.0.0.2, '10.0.0.3-10.0.0.9', 'fd00::/64'] } }")]
    [InlineData("ProviderTemplate", "{ helm: { chartSpec: { chart: c, version: '1' } } }")]
    [InlineData("PriceSheet", "{ currency: EUR, clusterSelector: { matchLabels: { tier: gold } }, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ hour: 0.192 }, { nodePools: [gpu], cpuCoreHour: 0.03, ramGibHour: 0.004 }] }] }")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ onPremises: { purchasePrice: 7300, lifetimeMonths: 60, watts: 400, energyKwh: 0.25 } }], storage: [{ gibMonth: 0.04 }] }] }")]
    [InlineData("StateManagementProvider", "{ selector: { matchExpressions: [{ key: a, operator: Exists }] }, adapter: {}, provisioner: [], provisionerCRDs: [], suspend: false }")]
    [InlineData("Budget", "{ period: Monthly, amount: 100, currency: EUR }")]
    [InlineData("Budget", "{ period: Yearly, amount: 0.5, currency: EUR, filter: 'namespace:\"a\" + (label[app]:\"b\" | team!:\"c\")', start: '2026-01-01', end: '2026-01-01', idle: Excluded, thresholds: [{ kind: Actual, percent: 100 }, { kind: Forecast, percent: 100 }] }")]
    [InlineData("CostCategory", "{ rules: [{ value: a, filter: 'namespace:\"a\"' }, { valueFrom: { label: team } }], shared: [{ name: i, of: Idle, method: Even }, { name: f, monthly: { amount: 9, currency: EUR }, method: Fixed, shares: [{ value: z, percent: 99.5 }, { value: a, percent: 0.5 }] }] }")]
    [InlineData("CostExport", "{ schedule: '30 5 * * 1-5', timeZone: Europe/Paris, bucket: { endpoint: s3, name: bills, secretRef: { name: a } } }")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: ['*'], rules: [a], namespaces: [shop], resources: [{ kind: Pod }, { kind: '*', name: 'cart-*' }], reason: r, expires: '2100-01-01T00:00:00Z' }")]
    [InlineData("ComplianceException", "{ clusterSelector: { matchLabels: { env: test } }, policies: [K8sRequiredLabels/owner], reason: r, expires: '2100-01-01T00:00:00Z' }")]
    [InlineData("AlertRule", "{ rules: [{ alert: A, cluster: {}, annotations: { summary: '{{ $labels.cluster }} {{ $value | humanizeDuration }}' } }], overrides: [{ clusterSelector: { matchLabels: { a: b } }, alerts: [A], disabled: true }] }")]
    [InlineData("AlertRoute", "{ receiver: a, routes: [{ matchers: ['severity=\"critical\"', 'cluster=~\"eu-.*\"', 'team!=x'] }] }")]
    [InlineData("Silence", "{ matchers: ['alertname=\"A\"', 'cluster=~\".*\"'], endsAt: '2100-01-01T00:00:00Z', comment: c }")]
    [InlineData("Receiver", "{ webhook: { url: 'https://hooks.example/x', signingSecret: { name: a, key: b } }, titleTemplate: '{{ .status | upper }}' }")]
    [InlineData("Receiver", "{ email: { host: smtp.example, from: a@example.com, to: [b@example.com], username: u, passwordSecret: { name: a, key: b } } }")]
    public void What_is_right_is_accepted(string kind, string spec) => Assert.Empty(Check(kind, spec));

    [Theory]
    [InlineData("AccessManagement", "{ accessRules: [{ targetNamespaces: { list: [a], stringSelector: x } }] }", "spec.accessRules[0].targetNamespaces", "only one of list, selector, stringSelector can be specified")]
    [InlineData("AccessManagement", "{ accessRules: [{ resources: [{ kind: X, names: [a], selector: {} }] }] }", "spec.accessRules[0].resources[0]", "only one of names, selector, stringSelector can be specified")]
    [InlineData("AccessManagement", "{ accessRules: [{ targetNamespaces: { stringSelector: 'a=b,=c' } }] }", "spec.accessRules[0].targetNamespaces.stringSelector", "\"=c\" is no requirement such as tier=shared, tier in (a, b) or !tier")]
    [InlineData("AccessManagement", "{ accessRules: [{ resources: [{ kind: X, selector: { matchExpressions: [{ key: a, operator: Is, values: [b] }] } }] }] }", "spec.accessRules[0].resources[0].selector.matchExpressions[0].operator", "must be In, NotIn, Exists or DoesNotExist, not \"Is\"")]
    [InlineData("AccessManagement", "{ accessRules: [{ targetNamespaces: { selector: { matchExpressions: [{ key: a, operator: In }] } } }] }", "spec.accessRules[0].targetNamespaces.selector.matchExpressions[0].values", "must hold a value for In")]
    [InlineData("Management", "{ release: r, providers: [{ name: a }, { name: a }] }", "spec.providers[1].name", "provider a is in the list already")]
    [InlineData("Management", "{ release: r, providers: [{ name: a, config: [1] }] }", "spec.providers[0].config", "must be an object with the values of the chart")]
    [InlineData("Release", "{ version: '1', kcm: { template: a }, capi: { template: b }, providers: [{ name: a, template: t }, { name: a, template: u }] }", "spec.providers[1].name", "provider a is in the list already")]
    [InlineData("Budget", "{ period: Monthly, amount: 100, currency: EUR, filter: 'namespace:shop' }", "spec.filter", "filter, position 10: expected a value in quotation marks, found 'shop'")]
    [InlineData("Budget", "{ period: Monthly, amount: 0, currency: EUR }", "spec.amount", "must be more than 0")]
    [InlineData("Budget", "{ period: Monthly, amount: 1, currency: EUR, start: '2026-02-30' }", "spec.start", "must be a day such as 2026-01-31")]
    [InlineData("Budget", "{ period: Monthly, amount: 1, currency: EUR, start: '2026-02-02', end: '2026-02-01' }", "spec.end", "must not be before spec.start")]
    [InlineData("Budget", "{ period: Monthly, amount: 1, currency: EUR, thresholds: [] }", "spec.thresholds", "must hold something, or be left out for the usual ones")]
    [InlineData("Budget", "{ period: Monthly, amount: 1, currency: EUR, thresholds: [{ kind: Actual, percent: 80 }, { kind: Actual, percent: 80.0 }] }", "spec.thresholds[1]", "is in the list already")]
    [InlineData("CostCategory", "{ rules: [{ value: a, filter: 'namespace:shop' }] }", "spec.rules[0].filter", "filter, position 10: expected a value in quotation marks, found 'shop'")]
    [InlineData("CostCategory", "{ rules: [{ value: a, valueFrom: { label: b } }] }", "spec.rules[0]", "exactly one of value, valueFrom must be set")]
    [InlineData("CostCategory", "{ rules: [{ namespaces: [a] }] }", "spec.rules[0]", "exactly one of value, valueFrom must be set")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: w, of: Idle, method: Even }, { name: x, of: Idle, method: Even }] }", "spec.shared[1].of", "Idle is shared by the list already")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: x, of: Idle, method: Fixed }] }", "spec.shared[0].shares", "are needed with method Fixed")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: x, of: Idle, method: Even, shares: [{ value: a, percent: 1 }] }] }", "spec.shared[0].shares", "are for method Fixed only")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: x, of: Idle, method: Fixed, shares: [{ value: b, percent: 1 }] }] }", "spec.shared[0].shares[0].value", "no rule has the value b")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], defaultValue: b, shared: [{ name: x, of: Idle, method: Fixed, shares: [{ value: b, percent: 60 }, { value: a, percent: 41 }] }] }", "spec.shared[0].shares", "must be at most 100 percent together")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: overhead, of: Idle, method: Even }] }", "spec.shared[0].name", "overhead is the name of what clusters cost beyond workloads and idle")]
    [InlineData("CostCategory", "{ rules: [{ value: a, namespaces: [a] }], shared: [{ name: x, monthly: { amount: 1, currency: EUR }, method: Even, among: Cluster }] }", "spec.shared[0].among", "must be Fleet or absent: no cluster has a monthly sum")]
    [InlineData("CostExport", "{ schedule: '30 25 * * *', bucket: { endpoint: s3, name: bills, secretRef: { name: a } } }", "spec.schedule", "\"25\" is not within 0 to 23")]
    [InlineData("CostExport", "{ schedule: '0 0 30 2 *', bucket: { endpoint: s3, name: bills, secretRef: { name: a } } }", "spec.schedule", "never comes")]
    [InlineData("CostExport", "{ schedule: '0 0 * * *', timeZone: Europe/Nowhere, bucket: { endpoint: s3, name: bills, secretRef: { name: a } } }", "spec.timeZone", "is no time zone of the IANA database, such as Europe/Paris")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: [a], reason: r, expires: '2020-01-01T00:00:00Z' }", "spec.expires", "must be in the future: an exception that has ended covers nothing")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: [a], reason: ' ', expires: '2100-01-01T00:00:00Z' }", "spec.reason", "must say why the findings are accepted")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: [], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec.policies", "must name a policy")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: [a, ' '], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec.policies[1]", "must not be empty")]
    [InlineData("ComplianceException", "{ clusters: [web], policies: [a], namespaces: [], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec.namespaces", "must hold something, or be left out")]
    [InlineData("ComplianceException", "{ policies: [a], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec", "one of clusters and clusterSelector must say for which clusters it is")]
    [InlineData("ComplianceException", "{ clusters: [web], clusterSelector: {}, policies: [a], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec", "only one of clusters and clusterSelector may be set")]
    [InlineData("ComplianceException", "{ clusterSelector: { matchExpressions: [{ key: a, operator: Is }] }, policies: [a], reason: r, expires: '2100-01-01T00:00:00Z' }", "spec.clusterSelector.matchExpressions[0].operator", "must be In, NotIn, Exists or DoesNotExist, not \"Is\"")]
    [InlineData("AlertRule", "{ rules: [{ alert: A }] }", "spec.rules[0]", "one of promql, cluster, service, freshness, certificate, backup, cost, budget and anomaly must say what it looks at")]
    [InlineData("AlertRule", "{ rules: [{ alert: A, cluster: {}, annotations: { summary: '{{ $labels.cluster' } }] }", "spec.rules[0].annotations.summary", "{{ at character 1 has no }}")]
    [InlineData("AlertRule", "{ rules: [{ alert: A, cluster: {}, labels: { cluster: x } }] }", "spec.rules[0].labels.cluster", "is set by Fleet")]
    [InlineData("AlertRule", "{ rules: [{ alert: A, cluster: {} }], overrides: [{ clusterSelector: {}, disabled: true }] }", "spec.overrides[0].clusterSelector", "must say for which clusters it is: what is otherwise everywhere belongs into the rule")]
    [InlineData("AlertRule", "{ rules: [{ alert: A, cluster: {} }], overrides: [{ clusterSelector: { matchLabels: { a: b } }, alerts: [B], for: 1m }] }", "spec.overrides[0].alerts", "there is no alert B in spec.rules")]
    [InlineData("AlertRoute", "{ groupBy: [a] }", "spec.receiver", "is needed where there are no routes")]
    [InlineData("AlertRoute", "{ receiver: a, routes: [{ matchers: ['severity'] }] }", "spec.routes[0].matchers[0]", "'severity' has none of =, !=, =~ and !~ after the label")]
    [InlineData("Silence", "{ matchers: ['cluster=~\".*\"'], endsAt: '2100-01-01T00:00:00Z', comment: c }", "spec.matchers", "fit every alert: one must not match the empty text")]
    [InlineData("Silence", "{ matchers: ['a=b'], startsAt: '2100-01-01T00:00:00Z', endsAt: '2100-01-01T00:00:00Z', comment: c }", "spec.endsAt", "must be after startsAt")]
    [InlineData("Receiver", "{ webhook: { url: 'https://u:p@hooks.example/x' } }", "spec.webhook.url", "must not hold user or password: name a Secret")]
    [InlineData("Receiver", "{ email: { host: h, tls: None, from: a@b.c, to: [a@b.c], username: u, passwordSecret: { name: a, key: b } } }", "spec.email.tls", "must not be None with a password: it would go in the clear")]
    [InlineData("Receiver", "{ email: { host: h, from: 'A <a@b.c>', to: [a@b.c] } }", "spec.email.from", "is no address such as fleet@example.com")]
    [InlineData("Receiver", "{ slack: { urlSecret: { name: a, key: b } }, webhook: { url: 'https://h' } }", "spec", "exactly one of email, slack, pagerDuty, msTeams, webhook, alertmanager must be set")]
    [InlineData("Region", "{}", "spec", "exactly one of kubeConfig or clusterDeployment must be set")]
    [InlineData("Region", "{ kubeConfig: { name: a }, clusterDeployment: { name: a, namespace: b } }", "spec", "exactly one of kubeConfig or clusterDeployment must be set")]
    [InlineData("ClusterTemplateChain", "{ supportedTemplates: [{ name: a, availableUpgrades: [{ name: b }] }] }", "spec.supportedTemplates[0].availableUpgrades[0].name", "template b is allowed for upgrade but is not present in the list of '.spec.supportedTemplates'")]
    [InlineData("ClusterTemplateChain", "{ supportedTemplates: [{ name: a, availableUpgrades: [{ name: a }] }] }", "spec.supportedTemplates[0].availableUpgrades", "template a lists itself as an upgrade")]
    [InlineData("ServiceTemplateChain", "{ supportedTemplates: [{ name: a, availableUpgrades: [{ name: b, version: 1.0.0 }, { name: c }] }, { name: b }, { name: c }] }", "spec.supportedTemplates[0].availableUpgrades", "template a has mixed version/no-version available upgrades: either all or none should have version set")]
    [InlineData("ProviderTemplate", "{ helm: { chartSource: { deploymentType: Remote, localSourceRef: { kind: GitRepository, name: x } } } }", "spec.helm.chartSource", ".spec.helm.chartSource is not supported for ProviderTemplates")]
    [InlineData("ServiceTemplate", "{ helm: { chartSource: { deploymentType: Remote, localSourceRef: { kind: Secret, name: x } } } }", "spec.helm.chartSource.localSourceRef.kind", "Secret and ConfigMap are not supported as Helm chart sources")]
    [InlineData("ServiceTemplate", "{ kustomize: { remoteSourceSpec: { git: { url: 'https://g', interval: 1m, serviceAccountName: s } } } }", "spec.kustomize.remoteSourceSpec.git.serviceAccountName", "serviceAccountName can only be set when provider is 'azure' or 'aws'")]
    [InlineData("ClusterAuthentication", "{ caSecret: { key: ca.crt } }", "spec.caSecret.name", "must name a Secret")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [{ issuer: { url: 'http://a', audiences: [k] }, " + Mappings + " }] } }", "spec.authenticationConfiguration.jwt[0].issuer.url", "\"http://a\" is no https:// address")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [{ issuer: { url: 'https://a', audiences: [k, l] }, " + Mappings + " }] } }", "spec.authenticationConfiguration.jwt[0].issuer.audienceMatchPolicy", "must be MatchAny when there are several audiences")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [{ " + Issuer + ", claimMappings: { username: { claim: sub } } }] } }", "spec.authenticationConfiguration.jwt[0].claimMappings.username.prefix", "is needed beside claim; it may be empty")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [{ " + Issuer + ", " + Mappings + ", claimValidationRules: [{ message: x }] }] } }", "spec.authenticationConfiguration.jwt[0].claimValidationRules[0]", "must have either a claim or an expression")]
    [InlineData("ClusterAuthentication", "{ authenticationConfiguration: { jwt: [], anonymous: { enabled: false, conditions: [{ path: /livez }] } } }", "spec.authenticationConfiguration.anonymous.conditions", "must hold nothing when enabled is false")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [] } }", "spec.policy.rules", "must hold a rule")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [{ level: metadata }] } }", "spec.policy.rules[0].level", "must be None, Metadata, Request or RequestResponse, not \"metadata\"")]
    [InlineData("ClusterAuditPolicy", "{ policy: { omitStages: [Never], rules: [{ level: None }] } }", "spec.policy.omitStages[0]", "must be RequestReceived, ResponseStarted, ResponseComplete or Panic, not \"Never\"")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [{ level: None, nonResourceURLs: ['/a*b'] }] } }", "spec.policy.rules[0].nonResourceURLs[0]", "\"/a*b\" may have * only at its end")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [{ level: None, nonResourceURLs: [/a], namespaces: [x] }] } }", "spec.policy.rules[0].nonResourceURLs", "a rule is either about paths or about resources and namespaces, not about both")]
    [InlineData("DataSource", "{ type: postgresql, endpoints: ['postgres://db:5432/x'], auth: { username: { name: s, key: u }, password: { name: s, key: p } } }", "spec.endpoints[0]", "\"postgres://db:5432/x\" is no host and port such as db.example.org:5432; scheme and parameters do not belong here")]
    [InlineData("DataSource", "{ type: postgresql, endpoints: ['db:1'], auth: { username: { key: u }, password: { name: s, key: p } } }", "spec.auth.username.name", "must name a Secret")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z }, { validFrom: 2026-01-01T01:00:00+01:00 }] }", "spec.periods[1].validFrom", "is when periods[0] begins already")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ nodePools: [a] }] }] }", "spec.periods[0].nodes[0]", "must have a price: hour, onPremises, cpuCoreHour, ramGibHour or gpuHour")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ hour: 1, regions: [] }] }] }", "spec.periods[0].nodes[0].regions", "fits no machine when it is empty; leave it out for all")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ hour: 1, onPremises: { purchasePrice: 1, lifetimeMonths: 1 } }] }] }", "spec.periods[0].nodes[0]", "only one of hour, onPremises may be set")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ onPremises: { purchasePrice: 1, residualValue: 2, lifetimeMonths: 1 } }] }] }", "spec.periods[0].nodes[0].onPremises.residualValue", "must not be more than purchasePrice")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, nodes: [{ onPremises: { purchasePrice: 1, watts: 2, lifetimeMonths: 1 } }] }] }", "spec.periods[0].nodes[0].onPremises.energyKwh", "is needed to price watts")]
    [InlineData("PriceSheet", "{ currency: EUR, periods: [{ validFrom: 2026-01-01T00:00:00Z, storage: [{ gibHour: 1, gibMonth: 1 }] }] }", "spec.periods[0].storage[0]", "exactly one of gibHour, gibMonth must be set")]
    [InlineData("PriceSheet", "{ currency: EUR, clusterSelector: { matchLabels: { 'a b': c } }, periods: [{ validFrom: 2026-01-01T00:00:00Z }] }", "spec.clusterSelector.matchLabels", "\"a b\" is no name of a label")]
    [InlineData("ClusterIPAMClaim", "{ provider: in-cluster, nodeNetwork: { cidr: 10.0.0.0/33 } }", "spec.nodeNetwork.cidr", "\"10.0.0.0/33\" is no range such as 10.0.0.0/24")]
    [InlineData("ClusterIPAMClaim", "{ provider: in-cluster, externalNetwork: { ipAddresses: [a] } }", "spec.externalNetwork.ipAddresses[0]", "\"a\" is neither an address nor a range of addresses")]
    [InlineData("ClusterDeployment", "{ template: t, ipamClaim: { spec: { provider: in-cluster, nodeNetwork: { gateway: x } } } }", "spec.ipamClaim.spec.nodeNetwork.gateway", "\"x\" is no address")]
    [InlineData("StateManagementProvider", "{ selector: { matchExpressions: [{ key: a, operator: Exists, values: [b] }] } }", "spec.selector.matchExpressions[0].values", "must hold nothing for Exists")]
    public void What_is_wrong_by_itself_is_refused(string kind, string spec, string field, string message) =>
        Assert.Equal([$"{field}: {message}"], Check(kind, spec));

    [Theory]
    [InlineData("Bucket", "{ provider: gcp, sts: { provider: aws, endpoint: 'https://x' } }", "spec.sts")]
    [InlineData("Bucket", "{ provider: aws, sts: { provider: ldap, endpoint: 'https://x' } }", "spec.sts.provider")]
    [InlineData("Bucket", "{ provider: aws, sts: { provider: aws, endpoint: 'https://x', secretRef: { name: s } } }", "spec.sts.secretRef")]
    [InlineData("Bucket", "{ serviceAccountName: s }", "spec.serviceAccountName")]
    [InlineData("GitRepository", "{ serviceAccountName: s, provider: github }", "spec.serviceAccountName")]
    [InlineData("HelmChart", "{ verify: { provider: cosign }, sourceRef: { kind: Bucket, name: b } }", "spec.verify")]
    public void Rules_of_flux_hold_also_where_the_server_does_not_evaluate_them(string kind, string spec, string field) =>
        Assert.StartsWith(field + ":", Assert.Single(Check(kind, spec, group: FleetApi.SourceGroup)), StringComparison.Ordinal);

    [Theory]
    [InlineData("ClusterDataSource", "{ schema: a, dataSource: d }", "{ schema: b, dataSource: d }", "spec.schema: changing the schema is not supported")]
    [InlineData("DataSource", "{ type: postgresql, endpoints: ['a:1'], auth: { username: { name: s, key: u }, password: { name: s, key: p } } }", "{ type: postgresql, endpoints: ['b:1'], auth: { username: { name: s, key: u }, password: { name: s, key: p } } }", "spec: changing the spec is not supported, create a new object")]
    [InlineData("ClusterIPAMClaim", "{ provider: in-cluster, cluster: a }", "{ provider: in-cluster, cluster: b }", "spec.cluster: Cluster reference is immutable once set")]
    [InlineData("ClusterIPAM", "{ clusterIPAMClaimRef: a }", "{ clusterIPAMClaimRef: b }", "spec.clusterIPAMClaimRef: Claim reference is immutable once set")]
    [InlineData("Region", "{ kubeConfig: { name: a } }", "{ kubeConfig: { name: b } }", "spec.kubeConfig: kubeConfig is immutable")]
    [InlineData("ClusterTemplateChain", "{ supportedTemplates: [{ name: a }] }", "{ supportedTemplates: [{ name: b }] }", "spec: Spec is immutable")]
    [InlineData("ClusterAuditPolicy", "{ policy: { rules: [{ level: None }] } }", "{ policy: { rules: [{ level: Metadata }] } }", "spec: Spec is immutable")]
    public void What_may_not_change_does_not(string kind, string old, string wanted, string problem) => Assert.Equal([problem], Check(kind, wanted, old));

    [Fact]
    public void An_exception_that_exists_may_be_ended() => Assert.Empty(Check(
        "ComplianceException", "{ clusters: [web], policies: [a], reason: r, expires: '2020-01-01T00:00:00Z' }", "{ clusters: [web], policies: [a], reason: r, expires: '2100-01-01T00:00:00Z' }"));

    [Fact]
    public void An_empty_reference_counts_as_not_set() =>
        Assert.Empty(Check("ClusterIPAMClaim", "{ provider: in-cluster, cluster: b }", "{ provider: in-cluster, cluster: '' }"));

    [Theory]
    [InlineData("Management", "{ release: r }")]
    [InlineData("AccessManagement", "{}")]
    public void There_is_one_of_these_and_its_name_is_known(string kind, string spec) =>
        Assert.Equal([$"metadata.name: there is one {kind}, and its name is kcm"], Check(kind, spec, name: "other"));

    [Fact]
    public void A_protection_that_nobody_understands_is_refused_when_it_is_written_and_not_later()
    {
        var wanted = Object("{ template: t }", "web");
        wanted["metadata"]!["annotations"] = new JsonObject { [FleetAnnotations.DeletionProtection] = "always" };
        var problem = Assert.Single(ManifestRules.Check(FleetApi.Group, "ClusterDeployment", wanted, null));
        Assert.Equal(("metadata.annotations[k0rdent.mirantis.com/deletion-protection]", "must be Always or Cascading, not \"always\""), (problem.Field, problem.Message));
        Assert.Empty(ManifestRules.Check(FleetApi.Group, "ClusterDeployment", wanted, wanted));
    }

    private static IEnumerable<string> Check(string kind, string spec, string? old = null, string name = "kcm", string group = FleetApi.Group) =>
        ManifestRules.Check(group, kind, Object(spec, name), old is null ? null : Object(old, name)).Select(problem => $"{problem.Field}: {problem.Message}");

    private static JsonObject Object(string spec, string name) =>
        new() { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = KubernetesYaml.ReadAll($"spec: {spec}").Single()["spec"]!.DeepClone() };
}
