namespace Fleet.Console.Tests;

internal static class Manifests
{
    public const string Everything = """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: lab}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: identity, namespace: shop}, type: Opaque, stringData: {token: not-a-real-one}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: simulated, namespace: shop}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: shop}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: banner, namespace: shop}, stringData: {values.yaml: "content: The door code is 4711."}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: {name: nginx-1, namespace: k0rdent-system}
        spec:
          helm: {chartSpec: {chart: simple-nginx, version: 1.0.0, sourceRef: {kind: HelmRepository, name: k0rdent-public-charts}}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, namespace: shop, labels: {env: prod}}
        spec:
          template: simulated-standalone-cp-0-1-0
          credential: simulated
          config: {controlPlaneNumber: 1, workersNumber: 2}
          serviceSpec:
            provider: {config: {syncMode: ContinuousWithDriftDetection}}
            services:
            - {name: front, namespace: apps, template: nginx-1, valuesFrom: [{kind: Secret, name: banner}], values: "replicaCount: 2"}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: db, namespace: shop, labels: {env: prod}}
        spec:
          template: simulated-standalone-cp-0-1-0
          credential: simulated
          config: {controlPlaneNumber: 1, workersNumber: 1}
          serviceSpec: {services: [{name: agent, namespace: ops, template: nginx-1}]}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: blog, namespace: shop, labels: {env: dev}}
        spec: {template: simulated-standalone-cp-0-1-0, credential: simulated, config: {controlPlaneNumber: 1, workersNumber: 1}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: spare, namespace: shop}
        spec: {template: simulated-standalone-cp-0-1-0, credential: simulated, config: {controlPlaneNumber: 1, workersNumber: 1}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: roomy, namespace: shop}
        spec:
          template: simulated-standalone-cp-0-1-0
          credential: simulated
          config: {controlPlaneNumber: 1, workersNumber: 2}
          serviceSpec:
            services:
            - name: catalogue
              namespace: apps
              template: nginx-1
              values: |
                replicaCount: 2
                podAnnotations: {simulation.fleet.dev/usage: over-requesting}
                resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: edge, namespace: lab, labels: {env: dev}}
        spec: {template: simulated-standalone-cp-0-1-0, credential: nobody}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: AlertRule
        metadata: {name: usual, namespace: lab}
        spec: {interval: 10s, rules: [{alert: ClusterNotReady, cluster: {}, severity: critical, annotations: {summary: "A cluster of the lab is not ready"}}]}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: tardy, namespace: lab, labels: {env: dev}}
        spec: {template: simulated-standalone-cp-0-1-0, credential: late, config: {controlPlaneNumber: 1, workersNumber: 1}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Receiver
        metadata: {name: chat, namespace: lab}
        spec: {webhook: {url: "http://127.0.0.1:9/"}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Budget
        metadata: {name: team, namespace: team-a}
        spec:
          amount: 600
          currency: EUR
          period: Monthly
          thresholds: [{kind: Actual, percent: 50}, {kind: Forecast, percent: 100}]
        """;

    /// <summary>What the cluster <c>tardy</c> waits for.</summary>
    public const string LateCredential = """
        {apiVersion: v1, kind: Secret, metadata: {name: identity, namespace: lab}, type: Opaque, stringData: {token: not-a-real-one}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: late, namespace: lab}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: lab}}
        """;

    public static string Cluster(string name) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{{name}}}, namespace: shop}
        spec: {template: simulated-standalone-cp-0-1-0, credential: simulated, config: {controlPlaneNumber: 1, workersNumber: 1}}
        """;
}
