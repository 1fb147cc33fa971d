"""What people read of money: tables, workbooks and pages of cost."""
