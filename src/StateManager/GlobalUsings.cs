global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using ComplianceException = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Compliance.ComplianceExceptionSpec, Fleet.Contracts.Compliance.ComplianceExceptionStatus>;
global using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;
global using ServiceTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ServiceTemplateSpec, Fleet.Contracts.Templates.ServiceTemplateStatus>;
global using ServiceTemplateChain = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Chains.ServiceTemplateChainSpec, Fleet.Contracts.Chains.TemplateChainStatus>;
