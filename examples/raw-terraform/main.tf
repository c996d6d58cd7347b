terraform {
  required_version = ">= 1.4"
  required_providers {
    genesyscloud = {
      source  = "mypurecloud/genesyscloud"
      version = "~> 1.82"
    }
  }
}

variable "rotation" {
  description = "Another version gives the client a new secret."
  type        = string
  default     = "1"
}

provider "genesyscloud" {
  gateway {}
}

resource "genesyscloud_oauth_client" "orders" {
  name                  = "orders-service"
  authorized_grant_type = "CLIENT-CREDENTIALS"
}

# Its creation regenerates the secret; a failed one is tainted, and the next apply tries again.
resource "terraform_data" "orders_secret" {
  triggers_replace = {
    client_id = genesyscloud_oauth_client.orders.id
    rotation  = var.rotation
  }

  provisioner "local-exec" {
    # "|| exit" keeps a shell between Terraform and the program: on Ctrl-C Terraform kills what it started at once.
    command = "node node_modules/cdktf-genesyscloud-secure-oauth-client/dist/program/genesys-secret.cjs regenerate || exit"
    environment = {
      TARGET_CLIENT_ID               = genesyscloud_oauth_client.orders.id
      SECRET_STORES                  = "file:./secrets/orders.json"
      SECRET_ROTATION                = var.rotation
      SECRET_OWNER                   = "terraform:${terraform.workspace}:orders"
      SECRET_RUNNER_ID               = self.id
      GENESYS_SECRET_UNDER_TERRAFORM = "1"
      NODE_OPTIONS                   = ""
      NODE_DEBUG                     = ""
    }
  }
}
