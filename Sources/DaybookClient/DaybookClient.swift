// DaybookClient
